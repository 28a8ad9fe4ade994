# Installs this build to a scratch folder, builds examples/ against it as an outside project would, and runs them.
#   cmake -DBUILD=<build folder> -DSOURCE=<source folder> -DWORK=<scratch folder> -DWITH_TORCH=<bool>
#         -DOPENVINO_DIR=<OpenVINO_DIR; empty without> -DGENERATOR=<CMake generator> -DCOMPILER=<C++ compiler> -DFLAGS=<compiler flags>
#         -DFFMPEG=<program> -DCROSSING=<folder of write_crossing> -P install_test.cmake
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/support/check.cmake)

file(REMOVE_RECURSE ${WORK})
set(prefix ${WORK}/prefix)
set(examples ${WORK}/examples)
run(ignored ${CMAKE_COMMAND} --install ${BUILD} --prefix ${prefix})

# Installed files must not mention the source folder, and installed headers must not include private dependencies.
file(GLOB_RECURSE headers ${prefix}/include/*.hpp)
file(GLOB_RECURSE scripts ${prefix}/*.cmake)
if(NOT headers OR NOT scripts)
  message(FATAL_ERROR "no headers or no CMake files under ${prefix}")
endif()
foreach(file ${headers} ${scripts})
  file(READ ${file} text)
  refuse_match("${text}" "#include [<\"](torch|ATen|c10|yaml-cpp|fmt|nlohmann|opencv2/(highgui|videoio|imgcodecs))" ${file})
  string(FIND "${text}" "${SOURCE}/" place)
  if(NOT place EQUAL -1)
    message(FATAL_ERROR "${file} names ${SOURCE}")
  endif()
endforeach()

# Building against an installation needs no LibTorch.
set(configure ${CMAKE_COMMAND} -DCMAKE_DISABLE_FIND_PACKAGE_Torch=ON -S ${prefix}/share/doc/onepass/examples -B ${examples} -G ${GENERATOR}
    -DCMAKE_PREFIX_PATH=${prefix} -DCMAKE_CXX_COMPILER=${COMPILER} "-DCMAKE_CXX_FLAGS=${FLAGS} -Wall -Wextra -Werror")

# 02 needs only the tracker library.
run(ignored ${configure} -DTRACKER_ONLY=ON -DCMAKE_DISABLE_FIND_PACKAGE_PkgConfig=ON)
run(ignored ${CMAKE_COMMAND} --build ${examples})
run(libraries ldd ${examples}/02_own_detector)
require_match("${libraries}" "libopencv_core" "02_own_detector loads")
refuse_match("${libraries}" "lib(torch|c10|opencv_(highgui|videoio|imgcodecs)|avcodec|mosquitto|hiredis|rdkafka)[^\n]*" "02_own_detector loads")
run(tracks ${examples}/02_own_detector)
# Both people turn around behind the pillar and reappear on the side from which they came.
require_match("${tracks}" "frame 0: 1 at 100, 200\nframe 0: 2 at 900, 200\n" "02_own_detector")
require_match("${tracks}" "frame 107: 1 at 100, 200\nframe 107: 2 at 900, 200\nidentities: 2\n$" "02_own_detector")

# 01 and 03 need every library of the installation.
run(ignored ${configure} -DTRACKER_ONLY=OFF -DOpenVINO_DIR=${OPENVINO_DIR}
    -DCMAKE_DISABLE_FIND_PACKAGE_PkgConfig=OFF)
run(ignored ${CMAKE_COMMAND} --build ${examples})
# One person walks from x = 100 to the right, one from x = 700 to the left, and one stands at x = 900.
run(counts ${examples}/03_custom_sink ${CROSSING} ${CROSSING}/det/det.txt 500)
require_equal("${counts}" "to the right: 1, to the left: 1\n" "03_custom_sink")

set(program ${prefix}/bin/onepass)
run(version ${program} --version)
require_match("${version}" "^onepass [0-9]+\\.[0-9]+\\.[0-9]+\n$" "onepass --version")
run(libraries ldd ${program})
refuse_match("${libraries}" "libtorch[^\n]*" "onepass loads")
if(OPENVINO_DIR) # the program uses the libraries that were installed with it
  require_match("${libraries}" "libopenvino\\.so[^\n]* => ${prefix}/[^\n]*/onepass/libopenvino\\.so" "onepass loads")
endif()
if(WITH_TORCH)
  # The program's own output is the expected output of 01. Random weights detect objects at these thresholds.
  run(ignored ${FFMPEG} -v error -f lavfi -i testsrc2=size=160x96:rate=10:duration=1 ${WORK}/video.avi)
  set(model ${SOURCE}/tests/data/tiny_v8.pt)
  foreach(executor auto aten) # LibTorch is loaded for the second
    file(WRITE ${WORK}/settings.yaml
         "detector: {conf: 0.001, iou: 0.3, imgsz: 160, threads: 1, executor: ${executor}}\n"
         "tracker: {birth_score: 0.001, confirm_score_sum: 0}\n")
    run(rows ${examples}/01_video_to_tracks ${WORK}/video.avi ${model} ${WORK}/settings.yaml)
    run(ignored ${program} track --source ${WORK}/video.avi --model ${model} --config ${WORK}/settings.yaml
        --save-mot ${WORK}/tracks-${executor}.txt)
    file(READ ${WORK}/tracks-${executor}.txt expected)
    require_match("${rows}" "^1,1,[0-9.,-]+\n" "01_video_to_tracks")
    require_equal("${rows}" "${expected}" "01_video_to_tracks")
  endforeach()
endif()
file(REMOVE_RECURSE ${WORK})
