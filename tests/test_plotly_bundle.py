"""plotly.js as the installed package carries it."""

import gzip

from pejling.web import plotly_bundle


def test_only_bars_are_registered_beside_the_core():
    whole = plotly_bundle._text()
    served = plotly_bundle.asset().body.decode()
    found = plotly_bundle._REGISTERED.search(whole)
    assert found
    assert found.group().count(",") > 30
    # What is registered first is the module of bars: its name stands just before it.
    first = found.group(1).removeprefix(".register([").removesuffix("()")
    at = whole.index(f"var {first}=")
    assert 'name:"bar"' in whole[at - 2500 : at]
    assert served == whole.replace(found.group(), found.group(1) + found.group(2))


def test_sent_script_is_the_same_compressed():
    bundle = plotly_bundle.asset()
    assert gzip.decompress(bundle.zipped) == bundle.body
    assert bundle.type == "text/javascript"


def test_what_a_page_needs_beside_it_is_found():
    assert ".js-plotly-plot .plotly" in plotly_bundle.rules()
    assert len(plotly_bundle.map_style_id()) == 64
