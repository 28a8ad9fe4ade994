# What "cmake --install" puts where. Three components: the program, the library to build on, the Python module.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/onepass)
install(TARGETS onepass_program COMPONENT program)
install(DIRECTORY configs DESTINATION ${CMAKE_INSTALL_DATADIR}/onepass COMPONENT program)

set(libraries tracker media)
if(ONEPASS_WITH_TORCH)
  list(APPEND libraries model)
endif()
foreach(library ${libraries})
  install(TARGETS onepass_${library} EXPORT onepass_${library} COMPONENT library)
  install(EXPORT onepass_${library} FILE onepass-${library}.cmake NAMESPACE onepass:: DESTINATION ${package_dir}
          COMPONENT library)
endforeach()
install(TARGETS onepass EXPORT onepass_all COMPONENT library)
install(EXPORT onepass_all FILE onepass-onepass.cmake NAMESPACE onepass:: DESTINATION ${package_dir} COMPONENT library)
install(DIRECTORY include/onepass DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT library FILES_MATCHING
        PATTERN "*.hpp")
install(DIRECTORY tools/examples DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT library)

configure_package_config_file(tools/cmake/onepassConfig.cmake.in ${PROJECT_BINARY_DIR}/onepassConfig.cmake
                              INSTALL_DESTINATION ${package_dir})
# Before 1.0 every minor version may change the interface.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/onepassConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/onepassConfig.cmake ${PROJECT_BINARY_DIR}/onepassConfigVersion.cmake
        DESTINATION ${package_dir} COMPONENT library)
