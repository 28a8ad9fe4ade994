# Writes a manual page for the program and for each of its commands, from the output of --help.
#   cmake -DHELP2MAN=<program> -DPROGRAM=<onepass> -DPAGES=<dir>/onepass.1.gz,<dir>/onepass-track.1.gz,...
#         -DVERSION=<version of onepass> -P manual_pages.cmake
find_program(GZIP_PROGRAM gzip REQUIRED)
get_filename_component(program_folder ${PROGRAM} DIRECTORY)
get_filename_component(program_name ${PROGRAM} NAME)
string(REPLACE "," ";" PAGES "${PAGES}")
foreach(page ${PAGES})
  get_filename_component(folder ${page} DIRECTORY)
  get_filename_component(name ${page} NAME_WE)
  string(REGEX REPLACE "^onepass-?" "" command ${name})
  execute_process(COMMAND ${PROGRAM} ${command} --help OUTPUT_VARIABLE help COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCH "^[^\n]*" summary "${help}")
  string(REGEX REPLACE "^onepass: " "" summary "${summary}")
  file(MAKE_DIRECTORY ${folder})
  string(STRIP "./${program_name} ${command}" invocation)
  execute_process(
    COMMAND ${HELP2MAN} --no-info --no-discard-stderr --version-string=${VERSION} --name=${summary}
            --output=${folder}/${name}.1 ${invocation}
    WORKING_DIRECTORY ${program_folder} COMMAND_ERROR_IS_FATAL ANY)
  if(command) # man looks a page up by the name in its NAME section, which must not contain spaces
    file(READ ${folder}/${name}.1 text)
    string(REPLACE ".SH NAME\nonepass ${command}" ".SH NAME\nonepass\\-${command}" text "${text}")
    file(WRITE ${folder}/${name}.1 "${text}")
  endif()
  execute_process(COMMAND ${GZIP_PROGRAM} --best --no-name --force ${folder}/${name}.1 COMMAND_ERROR_IS_FATAL ANY)
endforeach()
