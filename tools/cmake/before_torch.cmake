# Before find_package(Torch): what the CMake files of pip's LibTorch need. Installed too, for who builds on onepass.

# Where Debian's is installed as well, a LibTorch elsewhere would find half of itself there.
if(Torch_DIR)
  set(Caffe2_DIR ${Torch_DIR}/../Caffe2)
  list(PREPEND CMAKE_LIBRARY_PATH ${Torch_DIR}/../../../lib)
  # It brings an OpenMP library, which is the one that is loaded; so that all is linked with it.
  file(GLOB torch_openmp ${Torch_DIR}/../../../lib/libgomp*.so*)
  if(torch_openmp)
    set(OpenMP_gomp_LIBRARY ${torch_openmp} CACHE FILEPATH "OpenMP, as LibTorch has it")
  endif()
endif()
# Nothing here is compiled for CUDA, but a LibTorch with CUDA looks for CUDA's compiler unless there is this target.
if(NOT TARGET torch::cudart)
  add_library(torch::cudart INTERFACE IMPORTED)
endif()
