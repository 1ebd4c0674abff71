"""``forum links``: a forum whose desk link was lost goes on, beside a running server too."""

import json

import httpx2

from tests.cli.test_commands import forum, typed
from tests.servers import serving


async def opened(data) -> dict[str, str]:
    _, said, _ = await typed(data, "new", "forum-eclair", "--json")
    return json.loads(said)


async def listed(data, code: str) -> list[dict]:
    _, said, _ = await typed(data, "links", code, "--json")
    return json.loads(said)["links"]


async def test_the_links_of_a_forum_are_listed_without_their_secrets(tmp_path):
    links = await opened(tmp_path)
    code, said, _ = await typed(tmp_path, "links", links["code"])
    secrets = [url.partition("#")[2] for url in links.values() if "#" in url]

    assert code == 0
    assert [line.split()[0] for line in said.splitlines()] == ["Desk,", "Staff,", "Screen,"]
    assert "made when the forum was opened" in said
    assert not any(secret in said for secret in secrets)


async def test_a_lost_desk_link_is_renewed_beside_a_running_server_and_the_old_one_ends(tmp_path):
    links = await opened(tmp_path)
    async with serving(tmp_path) as server:
        base = server.address
        async with httpx2.AsyncClient(base_url=base, headers={"origin": base}, verify=False) as desk:
            path = f"/f/{links['code']}/desk"
            before = await desk.post(f"{path}/enter", data={"secret": links["desk_url"]})
            code, said, _ = await forum(tmp_path, "links", links["code"], "--renew", "desk", "--json")
            renewed = json.loads(said)
            page = await desk.get(path)
        async with httpx2.AsyncClient(base_url=base, headers={"origin": base}, verify=False) as found:
            old = await found.post(f"{path}/enter", data={"secret": links["desk_url"]})
            new = await found.post(f"{path}/enter", data={"secret": renewed["url"]})
            leads = await found.get(path)

    assert (before.status_code, code, renewed["ended"]) == (303, 0, 1)
    assert (page.status_code, old.status_code) == (410, 410)
    assert (new.status_code, leads.status_code) == (303, 200)
    assert [(link["opens"], link["made"]) for link in renewed["links"]] == [
        ("desk", "elsewhere"), ("staff", "opening"), ("screen", "opening"),
    ]  # fmt: skip


async def test_one_more_link_is_made_and_taken_back_by_its_name(tmp_path):
    links = await opened(tmp_path)
    _, made, _ = await typed(tmp_path, "links", links["code"], "--new", "screen")
    name = next(link["link"] for link in await listed(tmp_path, links["code"]) if link["made"] == "elsewhere")
    code, said, _ = await typed(tmp_path, "links", links["code"], "--take-back", name[:6])

    assert f"/f/{links['code']}/screen#" in made
    assert "shown only now" in made
    assert (code, "1 link was taken back." in said) == (0, True)
    assert {link["made"] for link in await listed(tmp_path, links["code"])} == {"opening"}


async def test_what_is_no_name_of_one_link_takes_nothing_back(tmp_path):
    links = await opened(tmp_path)
    before = await listed(tmp_path, links["code"])
    told = [
        await typed(tmp_path, "links", links["code"], "--take-back", name) for name in ("", "abc", "zzzzzz")
    ]

    assert [code for code, _, _ in told] == [1, 1, 1]
    assert all("lists them" in error for _, _, error in told)
    assert await listed(tmp_path, links["code"]) == before


async def test_what_ends_with_a_link_is_not_asked_without_one(tmp_path):
    links = await opened(tmp_path)
    told = [
        await typed(tmp_path, "links", links["code"], *more, "--with-made")
        for more in ((), ("--new", "desk"))
    ]

    assert [code for code, _, _ in told] == [1, 1]
    assert len(await listed(tmp_path, links["code"])) == 3
