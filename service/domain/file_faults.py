"""What may be wrong in forms and schemes that come as files; a part of the catalogue in `errors`."""

FILE_FAULTS: dict[str, str] = {
    # XLSForm: problems, then what a reader of the form is warned of.
    "xlsform_no_survey": "There is no sheet named survey. The sheets are: {sheets}.",
    "xlsform_unreadable": "This file cannot be read as an XLSX workbook. Open it and save it again as XLSX.",
    "xlsform_too_large": (
        "Unpacked, the workbook is larger than {limit} MB. Remove pictures and what is not part of the form."
    ),
    "xlsform_column_missing": "There is no column {value}.",
    "xlsform_no_questions": "The survey asks nothing that our pages can show.",
    "xlsform_no_type": "This row has no type. Give it one, or empty the row.",
    "xlsform_unknown_type": "There is no question type {value}. Did you mean {near}?",
    "xlsform_no_list_named": (
        "The type {value} must be followed by a space and the name of a list of the sheet choices."
    ),
    "xlsform_no_such_list": "The sheet choices has no list {value}.",
    "xlsform_group_open": "This group is not closed. Add a row end_group (or end_repeat).",
    "xlsform_group_closed": "{value} closes nothing that was opened before it.",
    "xlsform_no_such_name": "Nothing in this form is named {value}.",
    "xlsform_no_such_choice": "{value} is not a choice of {name}.",
    "xlsform_xpath": "This is no valid expression: {problem} (character {place}).",
    "xlsform_trigger": "A trigger must name one question of this form, as in ${{name}}.",
    "xlsform_prefix": (
        "Nobody declares the prefix {value}: no phone could open the form. Remove the column, or "
        "declare it in the setting namespaces."
    ),
    "xlsform_xml": "The converted form is no valid XML, so that no phone could open it: {text}.",
    "xlsform_dead_path": "An expression at {name} refers to {value}, which is not in the form.",
    "xlsform_converter": "The converter says: {text}",
    "xlsform_submission_url": "The form would send its records to another server. Remove this setting.",
    "xlsform_encryption": "Encrypted forms cannot be read here. Remove the key.",
    "xlsform_auto_delete": "The form would delete records from the phone by itself. Remove this setting.",
    "xlsform_entities": "Entities are not supported. Remove the sheet entities and the column save_to.",
    "xlsform_background_audio": "Recording people in the background is not allowed. Remove this row.",
    "xlsform_not_json": "This is no valid JSON.",
    "xlsform_metadata": "{value} is left out: our pages record nothing about the device or the person.",
    "xlsform_calculation": "{value} is left out: our pages do not calculate.",
    "xlsform_only_collect": "{value} is left out: ODK Collect can show it, our pages cannot.",
    "xlsform_repeat": "This repeat is left out with the {count} rows in it: our pages ask each question once.",
    "xlsform_acknowledge": "Our pages show this as a text, without a button to confirm it.",
    "xlsform_read_only": "What cannot be changed is shown as a text.",
    "xlsform_range": "Our pages ask for a number here, without a slider.",
    "xlsform_choice_filter": "Our pages show all choices, unfiltered.",
    "xlsform_repeating_list": (
        "The question is left out: a name stands twice in the list {value}, and answers could not be counted apart."
    ),
    "xlsform_media": "Pictures and sounds of labels are left out.",
    "xlsform_sheet_left_out": "This sheet is left out.",
    "xlsform_setting_left_out": "The setting {value} is left out.",
    "xlsform_column_left_out": "The column {value} is left out.",
    "xlsform_renamed": "{value} is called {ours} here.",
    "xlsform_no_id": "The form has no form_id; it is called {ours} here.",
    "xlsform_version": "The version {value} is no whole number up to 1,000,000; a number is given to it here.",
    "xlsform_version_set": "This becomes version {value}, the next that is free.",
    "xlsform_made_up": "Population, purpose and source are not in the form. Write them before publishing.",
    "xlsform_language_unknown": (
        "It is not said which language the texts are in. Name it in the header, as in label::English (en)."
    ),
    "xlsform_language_no_code": (
        "The language {value} has no code; it is {ours} here. Write it as in label::English (en)."
    ),
    "xlsform_untranslated": (
        "{count} texts are missing in {language}, the first of them here; another language stands in for them."
    ),
    "xlsform_pipe": "The answer to {value} cannot be put in here; “…” stands for it.",
    "xlsform_no_label": "There is no label; the name stands for it.",
    "xlsform_required": "Only yes and no are read here; the question may be skipped.",
    "xlsform_required_rows": "Only some rows of this matrix are required; here all may be skipped.",
    "xlsform_relevant_left_out": "Our conditions cannot say {value}: this is shown to everybody.",
    "xlsform_constraint_left_out": "Our conditions cannot say {value}: the constraint is left out.",
    "xlsform_extra_unknown": "There is no {value} that this row could belong to.",
    "xlsform_extra_outdated": "{value} was changed in another sheet since; this row is passed over.",
    # Scheme files: each names the source (a file) and the line.
    "fixed_by_scheme": "The round's scheme sets this to {value}. Leave it out, or have the scheme changed.",
    "scheme_not_yaml": "{source}, line {line}: this is no YAML ({problem}).",
    "scheme_alias": "{source}, line {line}: aliases are not allowed (*{word}); write the part out.",
    "scheme_too_deep": "{source}, line {line}: this is nested more than {limit} levels deep.",
    "scheme_key": "{source}, line {line}: a field's name must be a single word.",
    "scheme_type": "{source}, line {line}: this must be {expected}.",
    "scheme_range": "{source}, line {line}: this must be between {lower} and {upper}.",
    "scheme_choice": "{source}, line {line}: {value} is not one of: {options}.",
    "scheme_missing": "{source}, line {line}: this field is missing.",
    "scheme_unknown_field": "{source}, line {line}: there is no field “{word}” here.",
    "scheme_duplicate": "{source}, line {line}: {value} stands here more than once.",
    "scheme_weights": "{source}, line {line}: the weights under {parent} add up to {sum}, not to 100 ({terms}).",
    "scheme_cycle": "{source}, line {line}: the parents run in a circle ({circle}).",
    "scheme_parent_unknown": "{source}, line {line}: there is no node {value}.",
    "scheme_parent_leaf": "{source}, line {line}: {value} is no composite and cannot have nodes under it.",
    "scheme_childless": "{source}, line {line}: a composite needs nodes under it.",
    "scheme_band_gap": "{source}, line {line}: no band covers {lower} to {upper}.",
    "scheme_band_overlap": "{source}, line {line}: more than one band covers {lower} to {upper}.",
    "scheme_band_empty": "{source}, line {line}: the band {id} ends where it begins, or before.",
    "scheme_figure_mapping": "{source}, line {line}: an index needs the name of its mapping, as in index:five_levels.",
    "scheme_mapping_unknown": "{source}, line {line}: there is no mapping {value} in this scheme.",
    "scheme_distribution": "{source}, line {line}: answers collected as {value} may not earn points ({options} may).",
    "scheme_steps_start": "{source}, line {line}: the first step must start at 0.",
    "scheme_steps_order": "{source}, line {line}: steps must go upwards, and better work must not earn fewer points.",
    "scheme_weight_unfit": "{source}, line {line}: this is never weighted (C10; a sum of points). Take its weight out.",
    "scheme_kind_type": "{source}, line {line}: a scheme of the kind {kind} has no {value}. Use: {options}.",
    "scheme_events_bounds": (
        "{source}, line {line}: points of events that are weighted need a floor of 0 or more and a cap of 100 or less."
    ),
    "scheme_acceptance_bands": "{source}, line {line}: an acceptance needs two bands: not accepted, and accepted.",
    "scheme_source_share": (
        "{source}, line {line}: what {value} judges is worth {sum} percent in the tree, not {weight}."
    ),
    "scheme_sources_sum": "{source}, line {line}: the sources' weights add up to {sum}, not to 100.",
    "scheme_link_circle": "{source}, line {line}: the link from {child} to {parent} runs in a circle.",
    "scheme_permanent_months": "{source}, line {line}: what is permanent has no months. Leave one of them out.",
    "scheme_base_unknown": "{source}, line {line}: the scheme {value}, which this one extends, is not known.",
    "scheme_node_unknown": "{source}, line {line}: the base has no node {value}.",
}
