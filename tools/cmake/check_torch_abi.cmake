# LibTorch and everything else in a program must have been compiled with the same std::string.
if(TORCH_CXX_FLAGS MATCHES "_GLIBCXX_USE_CXX11_ABI=0")
  message(
    FATAL_ERROR
      "The LibTorch of ${Torch_DIR} has the old C++ ABI (_GLIBCXX_USE_CXX11_ABI=0), as the wheels of pip have, and does "
      "not fit Debian's libraries: use libtorch-dev, or the \"cxx11 ABI\" download of LibTorch, with -DTorch_DIR=...")
endif()
