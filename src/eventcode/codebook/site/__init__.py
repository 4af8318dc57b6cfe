"""A codebook as a static site: pure functions from a `Codebook` to pages, a dict of relative path → text.

`pages.render` makes all of them. `places` says where each thing stands, `look` what templates may ask, `indexing` what can be
searched, `surroundings` what is known beside the codebook: others, its changelog, counts. Links are relative, nothing is fetched.
"""
