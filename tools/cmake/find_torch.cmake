# Finds LibTorch 1.13 or later: Debian's, or pip's with -DTorch_DIR=<site-packages>/torch/share/cmake/Torch.
include(${CMAKE_CURRENT_LIST_DIR}/before_torch.cmake)
find_package(Torch REQUIRED)

# LibTorch and all other code in the program must be compiled with the same std::string ABI.
if(TORCH_CXX_FLAGS MATCHES "_GLIBCXX_USE_CXX11_ABI=0")
  message(
    FATAL_ERROR
      "The LibTorch in ${Torch_DIR} has the old C++ ABI (_GLIBCXX_USE_CXX11_ABI=0), like older pip wheels, and is "
      "incompatible with Debian's libraries: use libtorch-dev, or a current LibTorch with -DTorch_DIR=...")
endif()

# Wheels ship third-party headers (fmt, oneDNN, …) next to LibTorch's, which would shadow the system's.
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
