# Helpers for tests written as CMake scripts: run programs and check their output.

# Sets the variable named by `output` to the program's standard output; a nonzero exit code fails the test.
function(run output)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE code OUTPUT_VARIABLE out ERROR_VARIABLE err)
  if(NOT code EQUAL 0)
    message(FATAL_ERROR "${ARGN}\nended with ${code}:\n${out}\n${err}")
  endif()
  set(${output} "${out}" PARENT_SCOPE)
endfunction()

function(require_match text pattern what)
  if(NOT text MATCHES "${pattern}")
    message(FATAL_ERROR "${what}: '${pattern}' is not in:\n${text}")
  endif()
endfunction()

function(refuse_match text pattern what)
  if(text MATCHES "${pattern}")
    message(FATAL_ERROR "${what}: '${CMAKE_MATCH_0}' is in:\n${text}")
  endif()
endfunction()

function(require_equal actual expected what)
  if(NOT actual STREQUAL expected)
    message(FATAL_ERROR "${what}:\n${actual}\ninstead of:\n${expected}")
  endif()
endfunction()
