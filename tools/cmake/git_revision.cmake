# Writes the header OUTPUT with the git revision of SOURCE_DIR; an unchanged revision leaves the file untouched.
# A checkout with local changes gives "<commit>-dirty"; without git, or outside a checkout, the revision is "unknown".
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
