# Writes a text file as a C++ header: cmake -DINPUT=… -DNAME=… -DOUTPUT=… -P embed_text.cmake
file(READ ${INPUT} text)
get_filename_component(name ${INPUT} NAME)
file(WRITE ${OUTPUT}
     "// Made from ${name} by the build.\n#pragma once\n\ninline constexpr char ${NAME}[] = R\"text(${text})text\";\n")
