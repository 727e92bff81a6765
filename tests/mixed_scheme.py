"""A small scheme with one node of each type that people enter: ratio, measured value, events, gates."""

MIXED = """\
id: mixed
version: "1"
title: {zh-Hans: 混合, zh-Hant: 混合, en: Mixed}
legal_basis: none
source: none
boundary: half_open
bands:
  - {id: high, label: {zh-Hans: 高, zh-Hant: 高, en: High}, from: 60, to: 100}
  - {id: low, label: {zh-Hans: 低, zh-Hant: 低, en: Low}, from: 0, to: 60}
rounding: {stage: display, mode: half_up, places: 2}
nodes:
  - id: answered
    type: ratio
    rules: [O01]
    weight: 40
    label: {zh-Hans: 按时答复率, zh-Hant: 按時答覆率, en: Answered in time}
    tags: {nature: result, view: objective, object: [contract performance]}
    methods: [document_review]
    numerator: {zh-Hans: 按时答复, zh-Hant: 按時答覆, en: answered in time}
    denominator: {zh-Hans: 应答复, zh-Hant: 應答覆, en: due}
    part: true
    points: linear
  - id: hall
    type: steps
    rules: [C09]
    weight: 30
    label: {zh-Hans: 面积, zh-Hant: 面積, en: Area}
    tags: {nature: process, view: objective, object: [contract performance]}
    methods: [observation]
    unit: {zh-Hans: 平方米, zh-Hant: 平方米, en: m²}
    order: rising
    steps: [{from: 1000, points: 40}, {from: 3000, points: 70}, {from: 6000, points: 100}]
  - id: praise
    type: events
    rules: [I03]
    weight: 30
    label: {zh-Hans: 表扬与投诉, zh-Hant: 表揚與投訴, en: Praise and complaints}
    tags: {nature: result, view: objective, object: [social benefit]}
    methods: [document_review]
    base: 60
    floor: 0
    cap: 100
    types:
      praised: {points: 10, label: {zh-Hans: 表扬, zh-Hant: 表揚, en: Praise}}
      complaint: {points: -15, label: {zh-Hans: 投诉属实, zh-Hant: 投訴屬實, en: Upheld complaint}}
  - id: eligible
    type: composite
    rules: [C10]
    label: {zh-Hans: 资格条件, zh-Hant: 資格條件, en: Eligibility}
  - id: registered
    parent: eligible
    type: gate
    rules: [C10]
    label: {zh-Hans: 依法登记, zh-Hant: 依法登記, en: Registered}
    tags: {nature: process, view: objective, object: [contract performance]}
    methods: [document_review]
    on_failure: fail
  - id: accounts
    parent: eligible
    type: gate
    rules: [C10]
    label: {zh-Hans: 财务审计报告齐备, zh-Hant: 財務審計報告齊備, en: Audited accounts}
    tags: {nature: process, view: objective, object: [contract performance]}
    methods: [document_review]
    on_failure: hold
"""

# The same with a counter and an indicator that people judge.
WIDE = MIXED.replace(
    "  - id: answered",
    """\
  - id: cases
    type: counter
    rules: [G18]
    weight: 20
    label: {zh-Hans: 开案, zh-Hant: 開案, en: Cases opened}
    tags: {nature: result, view: objective, object: [contract performance]}
    methods: [document_review]
    level: agency
    unit: {zh-Hans: 宗, zh-Hant: 宗, en: cases}
    cap: 100
  - id: care
    type: expert
    rules: [G31]
    weight: 10
    label: {zh-Hans: 服务质量, zh-Hant: 服務質量, en: Care}
    tags: {nature: process, view: subjective, object: [contract performance]}
    methods: [document_review]
    scale: [0, 100]
    raters: scorers
    aggregate: mean
    min_raters: 1
  - id: answered""",
).replace("weight: 40", "weight: 10")
