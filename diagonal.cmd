@echo off
rem Builds Diagonal where that is needed, then runs it. Needs a JDK 17 or newer and nothing else.
rem   JAVA_HOME           the JDK to use; without it the one on the PATH
rem   DIAGONAL_JAVA_OPTS  further options for the Java machine, such as -Xmx4g
setlocal DisableDelayedExpansion
set "root=%~dp0"
set "target=%root%eval\target"
set "lib=%target%\lib"
set "stamp=%target%\built"
set "lock=%root%target\build.lock"
set "java=java"
if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java"

rem An unpacked archive has lib beside it and no sources.
if not exist "%root%pom.xml" if exist "%root%lib" (
    set "lib=%root%lib"
    goto archive
)

rem One PowerShell answers both: are sources newer than the build, and how wide is the terminal?
set "fresh=no"
set "columns=0"
call :ask
if "%fresh%"=="yes" goto run

if not exist "%root%target" mkdir "%root%target"
set "waited="
:lock
mkdir "%lock%" 2>nul && goto locked
if not defined waited echo Waiting for another build of Diagonal (if there is none, remove %lock%) ... 1>&2
set "waited=yes"
ping -n 2 127.0.0.1 >nul
goto lock

:locked
call :ask
if "%fresh%"=="yes" goto unlock
"%java%" -version >nul 2>&1 || goto nojava
if exist "%lib%" (echo Building Diagonal ^(sources are newer than the last build^) ... 1>&2) else (echo Building Diagonal ^(first use, downloads about 300 MB^) ... 1>&2)
if exist "%lib%.new" rmdir /s /q "%lib%.new"
type nul > "%root%target\begun"
pushd "%root%"
call mvnw.cmd -q -B -Dmaven.test.skip=true -Djacoco.skip=true "-Ddiagonal.lib=%lib%.new" package 1>&2
set "result=%errorlevel%"
popd
if not "%result%"=="0" goto failed
if exist "%lib%.old" rmdir /s /q "%lib%.old"
if exist "%lib%" move "%lib%" "%lib%.old" >nul || goto failed
move "%lib%.new" "%lib%" >nul || goto failed
if exist "%lib%.old" rmdir /s /q "%lib%.old"
move /y "%root%target\begun" "%stamp%" >nul

:unlock
rmdir "%lock%"

:run
:archive
set "commit="
if exist "%root%.git" for /f %%c in ('git -C "%root%." rev-parse "--short=12" HEAD 2^>nul') do set "commit=%%c"
"%java%" -Xmx2g -XX:+UseSerialGC -XX:-UsePerfData -Dfile.encoding=UTF-8 -Dai.djl.offline=true -Dai.djl.pytorch.graph_optimizer=false "-Ddiagonal.commit=%commit%" "-Ddiagonal.columns=%columns%" %DIAGONAL_JAVA_OPTS% -cp "%lib%\*" org.diagonal.eval.Main %*
exit /b %errorlevel%

:nojava
rmdir "%lock%"
echo diagonal: no java: install a JDK 17 or newer, or set JAVA_HOME 1>&2
exit /b 1

:failed
rmdir "%lock%"
echo diagonal: the build failed; mvnw.cmd -B package shows more 1>&2
exit /b 1

:ask
for /f "tokens=1,2" %%a in ('powershell -NoProfile -Command "$b = Get-Item -LiteralPath $env:stamp -ErrorAction Ignore; $s = Get-ChildItem -Recurse -Path ($env:root + 'pom.xml'), ($env:root + '*\pom.xml'), ($env:root + '*\src'), ($env:root + 'models') -ErrorAction Ignore; $f = $b -and (Test-Path -LiteralPath $env:lib) -and -not ($s | Where-Object { $_.LastWriteTime -gt $b.LastWriteTime }); $w = if ([Console]::IsErrorRedirected) { 0 } else { [Console]::WindowWidth }; $(if ($f) { 'yes' } else { 'no' }) + ' ' + $w"') do (
    set "fresh=%%a"
    set "columns=%%b"
)
exit /b 0
