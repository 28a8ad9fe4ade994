# onepass_room(NAME SOURCES … [PUBLIC …] [PRIVATE …] [HEADER_ONLY …]) adds a folder of src as the static library room_NAME.
#   SOURCES  every .cpp file of the room, relative to its folder
#   PUBLIC   libraries whose headers appear in the room's headers
#   PRIVATE  libraries that only its .cpp files use
#   HEADER_ONLY  the same, for libraries that leave nothing to link: users of an installation need not have them
function(onepass_room name)
  cmake_parse_arguments(room "" "" "SOURCES;PUBLIC;PRIVATE;HEADER_ONLY" ${ARGN})
  add_library(room_${name} STATIC ${room_SOURCES})
  # Position-independent, so that the Python module and other shared libraries can contain it.
  set_target_properties(room_${name} PROPERTIES OUTPUT_NAME onepass_${name} POSITION_INDEPENDENT_CODE ON
                                                UNITY_BUILD ${ONEPASS_UNITY_BUILD} UNITY_BUILD_BATCH_SIZE 12)
  target_include_directories(
    room_${name}
    PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
    PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_compile_features(room_${name} PUBLIC cxx_std_20)
  target_link_libraries(room_${name} PUBLIC ${room_PUBLIC} PRIVATE ${room_PRIVATE} $<BUILD_INTERFACE:onepass_options>)
  foreach(library ${room_HEADER_ONLY})
    target_link_libraries(room_${name} PRIVATE $<BUILD_INTERFACE:${library}>)
  endforeach()
endfunction()

# onepass_composition(NAME ROOMS … [BASE …]) offers rooms to users of an installation as onepass::NAME.
#   ROOMS  rooms that no composition of BASE contains
#   BASE   compositions that this one extends
function(onepass_composition name)
  cmake_parse_arguments(composition "" "" "ROOMS;BASE" ${ARGN})
  list(TRANSFORM composition_ROOMS PREPEND room_)
  list(TRANSFORM composition_BASE PREPEND onepass_)
  add_library(onepass_${name} INTERFACE)
  add_library(onepass::${name} ALIAS onepass_${name})
  set_target_properties(onepass_${name} PROPERTIES EXPORT_NAME ${name})
  target_link_libraries(onepass_${name} INTERFACE ${composition_BASE} ${composition_ROOMS})
  install(TARGETS onepass_${name} ${composition_ROOMS} EXPORT onepass_${name} COMPONENT library)
  install(EXPORT onepass_${name} FILE onepass-${name}.cmake NAMESPACE onepass::
          DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/onepass COMPONENT library)
endfunction()

# onepass_embed_text(TARGET FILE NAME [MODULE…]) embeds a text file: sources of the target include <NAME>.hpp, which
# defines NAME. A Python script is embedded with the modules beside it that it imports, each after those that it imports
# itself.
function(onepass_embed_text target file name)
  cmake_path(ABSOLUTE_PATH file)
  cmake_path(GET file PARENT_PATH folder)
  list(TRANSFORM ARGN PREPEND ${folder}/ OUTPUT_VARIABLE modules)
  list(JOIN modules "," modules_argument)
  set(script ${PROJECT_SOURCE_DIR}/tools/cmake/embed_text.cmake)
  set(header ${PROJECT_BINARY_DIR}/generated/${name}.hpp)
  add_custom_command(
    OUTPUT ${header}
    COMMAND ${CMAKE_COMMAND} -DINPUT=${file} -DNAME=${name} -DOUTPUT=${header} -DMODULES=${modules_argument} -P
            ${script}
    DEPENDS ${file} ${modules} ${script}
    VERBATIM)
  target_sources(${target} PRIVATE ${header})
  target_include_directories(${target} PRIVATE ${PROJECT_BINARY_DIR}/generated)
endfunction()
