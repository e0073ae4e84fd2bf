"""The links in documents are found, and changed in their places and nowhere else."""

from __future__ import annotations

from server.web.export.links import Link, links_in, links_of_header, locations, with_action, with_forms, with_links

PAGE = """<html><head><link rel="alternate" href="/a.ttl"><link rel='x' href='/gone'>
<script src="/s.js">let a = '<a href="/in-a-script">';</script><style>a { b: url(/in-a-style) }</style></head>
<body><p title="1 > 0"><a class="x" href="/a?b=1&amp;c=2">a</a> <a href="/gone" rel="nofollow">gone</a>
<svg><a xlink:href="/b"></a></svg><img src="/gone"> href="/in-a-text"</p></body></html>"""


def test_links_are_found_in_markup_and_not_in_texts() -> None:
    found = [(one.element, one.target) for one in links_in(PAGE, "text/html")]
    assert found == [
        *(("link", "/a.ttl"), ("link", "/gone"), ("script", "/s.js")),
        *(("a", "/a?b=1&c=2"), ("a", "/gone"), ("a", "/b"), ("img", "/gone")),
    ]


def test_a_link_without_a_target_goes_and_its_text_stays() -> None:
    changed = with_links(PAGE, "text/html", lambda link: None if link.target == "/gone" else f"..{link.target}")
    assert '<link rel="alternate" href="../a.ttl">' in changed
    assert '<a class="x" href="../a?b=1&amp;c=2">a</a> <a rel="nofollow" role="link" aria-disabled="true"' in changed
    assert "<link rel='x'" not in changed
    assert "<img" not in changed
    assert '<script src="../s.js">let a = \'<a href="/in-a-script">\';</script>' in changed
    assert "url(/in-a-style)" in changed
    assert '<p title="1 > 0">' in changed
    assert ' href="/in-a-text"' in changed


def test_style_sheets_and_markdown_have_links_too() -> None:
    assert with_links("a { b: url('/x.png') }", "text/css", lambda link: link.target[1:]) == "a { b: url('x.png') }"
    markdown = "[a](/x) \\](/no) [b](https://example.org)"
    assert list(links_in(markdown, "text/markdown")) == [Link("/x")]
    assert with_links(markdown, "text/markdown", lambda _: "y") == "[a](y) \\](/no) [b](https://example.org)"
    assert with_links(markdown, "text/markdown", lambda _: None) == markdown
    assert with_links('{"href": "/x"}', "application/json", lambda _: "y") == '{"href": "/x"}'


def test_forms_are_changed_as_a_whole() -> None:
    form = '<form method="get" action="/search"><input></form>'
    text = f'<p>a</p>{form}<form method="post">x</form>'
    assert with_forms(text, lambda action, markup: f"[{action}{len(markup)}]") == f"<p>a</p>[/search{len(form)}][28]"
    assert with_action(form, "../a&b") == '<form method="get" action="../a&amp;b"><input></form>'


def test_headers_and_sitemaps_lead_on() -> None:
    header = '</a.ttl>; rel="alternate"; type="text/turtle", <https://x.test/>; rel="type"; anchor="/y"'
    assert list(links_of_header(header)) == ["/a.ttl"]
    sitemap = b"<url><loc>https://x.test/kb/a&amp;b</loc></url><url><loc>https://y.test/c</loc></url>"
    assert locations(sitemap, "application/xml", "https://x.test/kb/") == ["a&b"]
    assert locations(sitemap, "text/html", "https://x.test/kb/") == []
