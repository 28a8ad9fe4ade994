# Finds oneDNN 2.6 or a later 2.x; include after find_torch.cmake. Sets onednn_found, ONEDNN_INCLUDE_DIR and
# ONEDNN_LIBRARY, or onednn_missing (the reason), and onednn_apart if oneDNN must be loaded separately from LibTorch.
# dnnl's own package file is not used: it requires the OpenCL headers, which the CPU backend does not need.
find_path(ONEDNN_INCLUDE_DIR oneapi/dnnl/dnnl.hpp)
find_library(ONEDNN_LIBRARY dnnl)
mark_as_advanced(ONEDNN_INCLUDE_DIR ONEDNN_LIBRARY)

set(onednn_found FALSE)
set(onednn_apart FALSE)
if(NOT ONEDNN_INCLUDE_DIR OR NOT ONEDNN_LIBRARY)
  set(onednn_missing "libdnnl-dev is not installed")
else()
  file(STRINGS ${ONEDNN_INCLUDE_DIR}/oneapi/dnnl/dnnl_version.h version_lines REGEX "VERSION_(MAJOR|MINOR) +[0-9]+")
  string(REGEX REPLACE ".*MAJOR +([0-9]+).*MINOR +([0-9]+).*" "\\1.\\2" onednn_version "${version_lines}")
  if(onednn_version VERSION_LESS 2.6 OR onednn_version VERSION_GREATER_EQUAL 3)
    set(onednn_missing "oneDNN is ${onednn_version}, and 2.6 or a later 2.x is needed")
  else()
    set(onednn_found TRUE)
  endif()
  # pip's LibTorch contains its own oneDNN and exports some of its symbols to the whole program; Debian's LibTorch links
  # the same shared oneDNN as onepass.
  get_filename_component(torch_folder "${TORCH_LIBRARY}" DIRECTORY)
  execute_process(COMMAND ${CMAKE_NM} -D ${torch_folder}/libtorch_cpu.so OUTPUT_VARIABLE torch_symbols ERROR_QUIET)
  string(FIND "${torch_symbols}" "dnnl" any_symbol)
  string(FIND "${torch_symbols}" " U dnnl_" needed_symbol)
  if(NOT any_symbol EQUAL -1 AND needed_symbol EQUAL -1)
    set(onednn_apart TRUE)
  endif()
endif()
