# Settings that pip's LibTorch needs before find_package(Torch).

# If Debian's LibTorch is installed as well, find_package would mix its files with those of the selected LibTorch.
if(Torch_DIR)
  set(Caffe2_DIR ${Torch_DIR}/../Caffe2)
  list(PREPEND CMAKE_LIBRARY_PATH ${Torch_DIR}/../../../lib)
  # Pip's LibTorch loads the OpenMP library that it ships; link everything with that one.
  file(GLOB torch_openmp ${Torch_DIR}/../../../lib/libgomp*.so*)
  if(torch_openmp)
    set(OpenMP_gomp_LIBRARY ${torch_openmp} CACHE FILEPATH "OpenMP library of LibTorch")
  endif()
endif()
# onepass compiles no CUDA code, but a LibTorch with CUDA searches for the CUDA compiler unless this target exists.
if(NOT TARGET torch::cudart)
  add_library(torch::cudart INTERFACE IMPORTED)
endif()
