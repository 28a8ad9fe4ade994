# Writes OUTPUT, a header with the git revision of SOURCE_DIR; it is touched only where the revision changed.
# A checkout with changes is "<commit>-dirty"; without git, or outside a checkout, the revision is "unknown".
cmake_minimum_required(VERSION 3.25)
set(revision "unknown")
find_package(Git QUIET)
if(GIT_FOUND AND EXISTS "${SOURCE_DIR}/.git")
  execute_process(
    COMMAND "${GIT_EXECUTABLE}" -C "${SOURCE_DIR}" describe --always --dirty --abbrev=40 --exclude=*
    OUTPUT_VARIABLE described
    RESULT_VARIABLE failed
    OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(NOT failed)
    set(revision "${described}")
  endif()
endif()
file(CONFIGURE OUTPUT "${OUTPUT}" CONTENT "#define ONEPASS_GIT_REVISION \"@revision@\"\n" @ONLY)
