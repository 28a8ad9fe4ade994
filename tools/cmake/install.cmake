# Install rules. The components are the program, the library for other projects, and the Python module.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/onepass)
include(tools/cmake/run_paths.cmake)
install(TARGETS onepass_program COMPONENT program)
install(DIRECTORY configs DESTINATION ${CMAKE_INSTALL_DATADIR}/onepass COMPONENT program)
install(DIRECTORY docs/schemas DESTINATION ${CMAKE_INSTALL_DATADIR}/onepass COMPONENT program)
install(FILES docs/parameters.md DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT program)

# A manual page for every command, generated from its --help.
find_program(HELP2MAN_PROGRAM help2man)
if(HELP2MAN_PROGRAM)
  set(commands track benchmark eval convert explain memory config)
  if(ONEPASS_WITH_TORCH)
    list(APPEND commands inspect embed visualize tsne compare reid-eval calibrate quantize)
  endif()
  set(manual_pages ${PROJECT_BINARY_DIR}/generated/man/onepass.1.gz)
  foreach(command ${commands})
    list(APPEND manual_pages ${PROJECT_BINARY_DIR}/generated/man/onepass-${command}.1.gz)
  endforeach()
  add_custom_command(
    OUTPUT ${manual_pages}
    COMMAND ${CMAKE_COMMAND} -DHELP2MAN=${HELP2MAN_PROGRAM} -DPROGRAM=$<TARGET_FILE:onepass_program>
            "-DPAGES=$<JOIN:${manual_pages},,>" -DVERSION=${PROJECT_VERSION} -P
            ${PROJECT_SOURCE_DIR}/tools/cmake/manual_pages.cmake
    DEPENDS onepass_program tools/cmake/manual_pages.cmake
    COMMENT "Writing the manual pages"
    VERBATIM)
  add_custom_target(onepass_manual ALL DEPENDS ${manual_pages})
  install(FILES ${manual_pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT program)
endif()

install(DIRECTORY include/onepass DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT library FILES_MATCHING
        PATTERN "*.hpp")
install(DIRECTORY examples DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT library)

configure_package_config_file(tools/cmake/onepassConfig.cmake.in ${PROJECT_BINARY_DIR}/onepassConfig.cmake
                              INSTALL_DESTINATION ${package_dir})
# Before 1.0, any minor version may change the API.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/onepassConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/onepassConfig.cmake ${PROJECT_BINARY_DIR}/onepassConfigVersion.cmake
        DESTINATION ${package_dir} COMPONENT library)
