# Installs the libraries of OpenVINO's wheel that onepass uses, because no Debian package has them: into
# <libdir>/onepass, where the installed program and Python module find them relative to themselves.
get_target_property(openvino_library openvino::runtime IMPORTED_LOCATION_RELEASE)
cmake_path(GET openvino_library PARENT_PATH openvino_folder)
set(openvino_bundle ${CMAKE_INSTALL_LIBDIR}/onepass)
file(GLOB openvino_files ${openvino_folder}/libopenvino.so.* ${openvino_folder}/libopenvino_intel_cpu_plugin.so
     ${openvino_folder}/libopenvino_ir_frontend.so.* ${openvino_folder}/libopenvino_onnx_frontend.so.*
     ${openvino_folder}/libtbb.so.* ${openvino_folder}/libtbbmalloc.so.* ${openvino_folder}/libtbbbind_2_5.so.*
     ${openvino_folder}/libhwloc.so.*)
install(PROGRAMS ${openvino_files} DESTINATION ${openvino_bundle} COMPONENT program)
set(openvino_license ${openvino_folder}/../../openvino-${OpenVINO_VERSION}.dist-info/licenses)
if(EXISTS ${openvino_license})
  install(DIRECTORY ${openvino_license}/ DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/onepass/openvino COMPONENT program)
endif()

# Instead of the folder that the libraries were linked in: that of the bundle, or in a wheel that of the Python package
# openvino. LibTorch in a folder of its own is still found.
set(bundle_of_onepass_program $ORIGIN/../${openvino_bundle} $ORIGIN/../../openvino/libs)
set(bundle_of_onepass_python_models $ORIGIN/../../../../${openvino_bundle} $ORIGIN/../openvino/libs)
foreach(target onepass_program onepass_python_models)
  if(TARGET ${target})
    set(folders ${bundle_of_${target}})
    if(NOT TORCH_LIBRARY MATCHES "^/usr/lib/")
      cmake_path(GET TORCH_LIBRARY PARENT_PATH torch_folder)
      list(APPEND folders ${torch_folder})
    endif()
    set_target_properties(${target} PROPERTIES INSTALL_RPATH "${folders}" INSTALL_RPATH_USE_LINK_PATH OFF)
  endif()
endforeach()
