#!/bin/sh
# How long a newcomer takes from an empty Maven project to the first bonded byte, by what the README says and nothing else.
#
#   docs/first-byte.sh            on an empty local repository, as on a new machine: everything is fetched
#   docs/first-byte.sh DIRECTORY  on this local repository, which is filled when it is empty
#
# Until Bindlink is on Maven Central its own artefacts are put there first, which is timed apart.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
repository=${1:-$work/repository}
say() { printf '==> %s\n' "$*"; }

# The first piece of a language in the README's section "Embed it".
piece() { awk -v begin="\`\`\`$1" '/^## /{in_section = /^## Embed it/} in_section && $0 == begin {inside = 1; next} inside && /^```/{exit} inside' "$root/README.md"; }

start=$(date +%s)
(cd "$root" && mvn -q -B -Dmaven.repo.local="$repository" -Dmaven.test.skip=true -Dmaven.javadoc.skip=true -Dspotless.check.skip=true \
  -pl bindlink-api,bindlink-core -am install)
installed=$(date +%s)
say "installed Bindlink from its sources in $((installed - start)) s"

mkdir -p "$work/project/src/main/java"
cd "$work/project"
{
  echo '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
  echo '<groupId>example</groupId><artifactId>first</artifactId><version>1</version>'
  echo '<properties><maven.compiler.source>17</maven.compiler.source><maven.compiler.target>17</maven.compiler.target>'
  echo '<project.build.sourceEncoding>UTF-8</project.build.sourceEncoding></properties><dependencies>'
  piece xml
  echo '</dependencies></project>'
} >pom.xml
piece java >src/main/java/FirstByte.java
mvn -q -B -Dmaven.repo.local="$repository" compile org.codehaus.mojo:exec-maven-plugin:3.6.4:java -Dexec.mainClass=FirstByte |
  tee "$work/said"
grep -q 'the first bonded byte: 42$' "$work/said"
took=$(($(date +%s) - installed))
say "from an empty project to the first bonded byte in $took s"
[ "$took" -lt 300 ]
