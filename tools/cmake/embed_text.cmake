# Embeds the text file INPUT into the C++ header OUTPUT as the string NAME:
#   cmake -DINPUT=… -DNAME=… -DOUTPUT=… [-DMODULES=a.py,b.py] -P embed_text.cmake
# MODULES are Python files that the script INPUT imports, each after those that it imports itself: the text defines
# them before the script, because it is run without a file.
file(READ ${INPUT} text)
get_filename_component(name ${INPUT} NAME)
if(MODULES)
  string(REPLACE "," ";" modules "${MODULES}")
  string(CONCAT definitions "import sys, types\n\n\n" "def embedded(name, text):\n"
                "    module = sys.modules[name] = types.ModuleType(name)\n"
                "    exec(compile(text, name + '.py', 'exec'), module.__dict__)\n\n\n")
  foreach(module ${modules})
    file(READ ${module} module_text)
    get_filename_component(module_name ${module} NAME_WE)
    if(module_text MATCHES "'''")
      message(FATAL_ERROR "${module}: ''' would end its text")
    endif()
    string(APPEND definitions "embedded('${module_name}', r'''${module_text}''')\n")
  endforeach()
  string(PREPEND text "${definitions}")
endif()
file(WRITE ${OUTPUT}
     "// Generated from ${name}.\n#pragma once\n\ninline constexpr char ${NAME}[] = R\"text(${text})text\";\n")
