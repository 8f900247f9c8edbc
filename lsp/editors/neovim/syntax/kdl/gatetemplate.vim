" Templates of gate specs, within the strings of KDL and YAML.
syntax region gateTemplate matchgroup=gateTemplateEdge start=/{{/ end=/}}/ oneline contained keepend
      \ containedin=kdlString,kdlRawString,yamlFlowString,yamlPlainScalar,yamlBlockString
      \ contains=gateTemplateText,gateTemplateFilter,gateTemplateNumber,gateTemplateName
syntax match gateTemplateName /\<[A-Za-z][A-Za-z0-9_-]*/ contained
syntax match gateTemplateFilter /|\s*[A-Za-z][A-Za-z0-9_-]*/ contained
syntax match gateTemplateNumber /\<\d\+\>/ contained
syntax match gateTemplateText /\\\?"[^"\\]*\\\?"/ contained

highlight default link gateTemplateEdge Delimiter
highlight default link gateTemplateName Identifier
highlight default link gateTemplateFilter Function
highlight default link gateTemplateNumber Number
highlight default link gateTemplateText String
