# Finds OpenVINO: the one that tools/setup.sh installs into build/openvino, or another with -DOpenVINO_DIR=<folder>.
# Sets openvino_found and the target openvino::runtime.
set(openvino_found FALSE)
if(ONEPASS_WITH_OPENVINO)
  find_package(OpenVINO QUIET COMPONENTS Runtime HINTS ${PROJECT_SOURCE_DIR}/build/openvino/openvino/cmake)
  if(OpenVINO_FOUND)
    set(openvino_found TRUE)
    message(STATUS "OpenVINO ${OpenVINO_VERSION}: ${OpenVINO_DIR}")
  elseif(ONEPASS_WITH_OPENVINO STREQUAL "AUTO")
    message(STATUS "Networks run without OpenVINO, more slowly; tools/setup.sh installs it")
  else()
    message(FATAL_ERROR "ONEPASS_WITH_OPENVINO: OpenVINO was not found; tools/setup.sh installs it, or set OpenVINO_DIR")
  endif()
endif()
