# Finds pybind11 2.12 or later, the first that works with NumPy 1 and 2. If the system has only an older one (Debian 12
# has 2.10), the current one of PyPI is installed into the build folder. Without pip or network, the older one is used,
# and the module refuses NumPy 2 at import.
set(pybind11_folder ${PROJECT_BINARY_DIR}/pybind11)
find_package(pybind11 2.12 CONFIG QUIET HINTS ${pybind11_folder}/pybind11/share/cmake/pybind11)
if(NOT pybind11_FOUND)
  message(STATUS "Installing pybind11 from PyPI into ${pybind11_folder}")
  execute_process(
    COMMAND ${Python_EXECUTABLE} -m pip --disable-pip-version-check install --quiet --target ${pybind11_folder}
            "pybind11>=2.13,<3"
    TIMEOUT 120
    RESULT_VARIABLE pip_result
    ERROR_VARIABLE pip_error
    OUTPUT_QUIET)
  if(pip_result EQUAL 0)
    unset(pybind11_DIR CACHE)
    find_package(pybind11 2.12 CONFIG REQUIRED PATHS ${pybind11_folder}/pybind11/share/cmake/pybind11 NO_DEFAULT_PATH)
  else()
    unset(pybind11_DIR CACHE)
    find_package(pybind11 CONFIG REQUIRED)
    message(WARNING "The Python module will work with NumPy 1 only: pybind11 is ${pybind11_VERSION}, and 2.12 could not "
                    "be installed (${pip_error})")
  endif()
endif()
message(STATUS "pybind11 ${pybind11_VERSION}")
