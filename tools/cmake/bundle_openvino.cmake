# Installs the libraries of OpenVINO's wheel that onepass uses, because no Debian package has them: into
# <libdir>/onepass, where the installed program and Python module find them relative to themselves.
get_target_property(openvino_library openvino::runtime IMPORTED_LOCATION_RELEASE)
cmake_path(GET openvino_library PARENT_PATH openvino_folder)
file(GLOB openvino_files ${openvino_folder}/libopenvino.so.* ${openvino_folder}/libopenvino_intel_cpu_plugin.so
     ${openvino_folder}/libopenvino_ir_frontend.so.* ${openvino_folder}/libopenvino_onnx_frontend.so.*
     ${openvino_folder}/libtbb.so.* ${openvino_folder}/libtbbmalloc.so.* ${openvino_folder}/libtbbbind_2_5.so.*
     ${openvino_folder}/libhwloc.so.*)
install(PROGRAMS ${openvino_files} DESTINATION ${bundle} COMPONENT program)
set(openvino_license ${openvino_folder}/../../openvino-${OpenVINO_VERSION}.dist-info/licenses)
if(EXISTS ${openvino_license})
  install(DIRECTORY ${openvino_license}/ DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/onepass/openvino COMPONENT program)
endif()
