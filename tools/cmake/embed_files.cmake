# Embeds FILES (comma-separated) into the C++ source OUTPUT, as the function NAMESPACE::FUNCTION() that HEADER declares.
string(REPLACE "," ";" files "${FILES}")
set(entries "")
foreach(file IN LISTS files)
  get_filename_component(name "${file}" NAME)
  file(READ "${file}" content)
  if(content MATCHES "\\)onepass_file\"")
    message(FATAL_ERROR "${file}: contains the delimiter that ends its raw string literal in the C++ source")
  endif()
  string(APPEND entries "      {\"${name}\", R\"onepass_file(${content})onepass_file\"},\n")
endforeach()
file(WRITE "${OUTPUT}"
     "#include \"${HEADER}\"\n\nnamespace ${NAMESPACE} {\n\nconst std::map<std::string_view, std::string_view>& "
     "${FUNCTION}() {\n  static const std::map<std::string_view, std::string_view> files = {\n${entries}  };\n"
     "  return files;\n}\n\n}  // namespace ${NAMESPACE}\n")
