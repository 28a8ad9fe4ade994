# Debian packages: "cpack -G DEB" in the build folder creates onepass, libonepass-dev and python3-onepass.
set(ONEPASS_MAINTAINER "The onepass authors <onepass@localhost>" CACHE STRING "Maintainer field of Debian packages")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME onepass)
set(CPACK_PACKAGE_CONTACT "${ONEPASS_MAINTAINER}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL program library)
if(ONEPASS_BUILD_PYTHON)
  list(APPEND CPACK_COMPONENTS_ALL python)
endif()
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON) # dpkg-shlibdeps derives dependencies from the libraries the program loads
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)

set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME onepass)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PROGRAM_DESCRIPTION
    "multi-object tracking with re-identification\n One forward pass of a YOLO network gives boxes and embeddings; tracks keep\n their identities through crossings, occlusions and absences.")

set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME libonepass-dev)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_LIBRARY_DESCRIPTION
    "multi-object tracking with re-identification - development files\n Static libraries, headers, CMake package and examples.")
set(development_packages
    libopencv-dev libeigen3-dev libyaml-cpp-dev libfmt-dev zlib1g-dev libpugixml-dev libavformat-dev libavcodec-dev
    libavutil-dev libswscale-dev libpango1.0-dev libcpp-httplib-dev libmosquitto-dev libssl-dev pkg-config)
if(redis_found)
  list(APPEND development_packages libhiredis-dev libssl-dev)
endif()
if(kafka_found)
  list(APPEND development_packages librdkafka-dev)
endif()
list(JOIN development_packages ", " CPACK_DEBIAN_LIBRARY_PACKAGE_DEPENDS)

if(ONEPASS_BUILD_PYTHON)
  find_package(Python REQUIRED COMPONENTS Interpreter) # the interpreter that the module is built for
  math(EXPR next_minor "${Python_VERSION_MINOR} + 1")
  set(CPACK_DEBIAN_PYTHON_PACKAGE_NAME python3-onepass)
  set(CPACK_DEBIAN_PYTHON_PACKAGE_SECTION python)
  set(CPACK_DEBIAN_PYTHON_PACKAGE_DEPENDS
      "python3 (>= 3.${Python_VERSION_MINOR}), python3 (<< 3.${next_minor}), python3-numpy")
  if(openvino_found)
    # The package onepass contains OpenVINO and depends on all other libraries that the module loads.
    set(CPACK_DEBIAN_PYTHON_PACKAGE_SHLIBDEPS OFF)
    string(APPEND CPACK_DEBIAN_PYTHON_PACKAGE_DEPENDS ", onepass (= ${PROJECT_VERSION})")
  endif()
  set(CPACK_DEBIAN_PYTHON_DESCRIPTION
      "multi-object tracking with re-identification - Python module\n Tracker, detector and evaluation on NumPy arrays.")
endif()

# Debian policy: every package contains its license.
set(package_names onepass libonepass-dev)
set(components program library)
if(ONEPASS_BUILD_PYTHON)
  list(APPEND package_names python3-onepass)
  list(APPEND components python)
endif()
foreach(name component IN ZIP_LISTS package_names components)
  install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${name} RENAME copyright COMPONENT ${component})
endforeach()

include(CPack)
