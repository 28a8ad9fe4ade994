# Embeds the text file INPUT into the C++ header OUTPUT as the string NAME:
#   cmake -DINPUT=… -DNAME=… -DOUTPUT=… -P embed_text.cmake
file(READ ${INPUT} text)
get_filename_component(name ${INPUT} NAME)
file(WRITE ${OUTPUT}
     "// Generated from ${name}.\n#pragma once\n\ninline constexpr char ${NAME}[] = R\"text(${text})text\";\n")
