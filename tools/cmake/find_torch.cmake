# Finds LibTorch 1.13 or later: Debian's, or that of pip with -DTorch_DIR=<site-packages>/torch/share/cmake/Torch.

# Beside Debian's, a LibTorch elsewhere would find half of itself in Debian's.
if(Torch_DIR)
  set(Caffe2_DIR ${Torch_DIR}/../Caffe2)
  list(PREPEND CMAKE_LIBRARY_PATH ${Torch_DIR}/../../../lib)
endif()
# Nothing here is compiled for CUDA, but a LibTorch with CUDA looks for CUDA's compiler unless there is this target.
if(NOT TARGET torch::cudart)
  add_library(torch::cudart INTERFACE IMPORTED)
endif()
find_package(Torch REQUIRED)

# LibTorch and everything else in a program must have been compiled with the same std::string.
if(TORCH_CXX_FLAGS MATCHES "_GLIBCXX_USE_CXX11_ABI=0")
  message(
    FATAL_ERROR
      "The LibTorch of ${Torch_DIR} has the old C++ ABI (_GLIBCXX_USE_CXX11_ABI=0), as older wheels of pip have, and "
      "does not fit Debian's libraries: use libtorch-dev or a current LibTorch, with -DTorch_DIR=...")
endif()

# Wheels have headers of others (fmt, oneDNN, …) beside LibTorch's, which would hide those of the system.
list(GET TORCH_INCLUDE_DIRS 0 torch_headers)
if(EXISTS ${torch_headers}/fmt OR EXISTS ${torch_headers}/oneapi)
  set(own_headers ${PROJECT_BINARY_DIR}/generated/torch_headers)
  file(MAKE_DIRECTORY ${own_headers})
  foreach(folder ATen c10 caffe2 torch)
    file(CREATE_LINK ${torch_headers}/${folder} ${own_headers}/${folder} SYMBOLIC)
  endforeach()
  set(TORCH_INCLUDE_DIRS ${own_headers} ${own_headers}/torch/csrc/api/include)
  foreach(target torch torch_cpu torch_cuda c10 c10_cuda headeronly)
    if(TARGET ${target})
      set_target_properties(${target} PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${TORCH_INCLUDE_DIRS}"
                                                 INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${TORCH_INCLUDE_DIRS}")
    endif()
  endforeach()
endif()

# They have an OpenMP library too, which is the one that is loaded; so that all is linked with it.
get_filename_component(torch_libraries ${TORCH_LIBRARY} DIRECTORY)
file(GLOB torch_openmp ${torch_libraries}/libgomp*.so*)
if(torch_openmp AND NOT torch_libraries MATCHES "^/usr/lib")
  set(OpenMP_gomp_LIBRARY ${torch_openmp} CACHE FILEPATH "OpenMP, as LibTorch has it" FORCE)
endif()
