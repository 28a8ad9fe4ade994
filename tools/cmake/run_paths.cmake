# Where installed files find the libraries that are installed with them in <libdir>/onepass, relative to themselves: the one
# that needs LibTorch, and those of OpenVINO. A wheel has the first in its package, and the others in the package openvino.
set(bundle ${CMAKE_INSTALL_LIBDIR}/onepass)
if(ONEPASS_WITH_TORCH)
  install(TARGETS onepass_torch DESTINATION ${bundle} COMPONENT program)
endif()
if(openvino_found)
  include(tools/cmake/bundle_openvino.cmake)
endif()

set(run_paths_of_onepass_program $ORIGIN/../${bundle} $ORIGIN/.. $ORIGIN/../../openvino/libs)
set(run_paths_of_onepass_python_models $ORIGIN/../../../../${bundle} $ORIGIN $ORIGIN/../openvino/libs)
set(run_paths_of_onepass_torch)
if(ONEPASS_WITH_TORCH AND NOT TORCH_LIBRARY MATCHES "^/usr/lib/")
  cmake_path(GET TORCH_LIBRARY PARENT_PATH run_paths_of_onepass_torch) # LibTorch in a folder of its own
endif()
foreach(target onepass_program onepass_python_models onepass_torch)
  if(TARGET ${target})
    set_target_properties(${target} PROPERTIES INSTALL_RPATH "${run_paths_of_${target}}" INSTALL_RPATH_USE_LINK_PATH OFF)
  endif()
endforeach()
