package io.bindlink.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.members;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What an embedder can see is made of what an embedder can see. It stands in for javac's warning {@code exports}, which is
 * off: docs/adr/0016.
 */
class ExportedTypesTest {
    private static final Set<String> EXPORTED = Set.of(
            "io.bindlink.api",
            "io.bindlink.api.spi",
            "io.bindlink.core",
            "io.bindlink.core.sim",
            "io.bindlink.core.stream");

    @Test
    void exportedSignaturesNameExportedTypesAlone() {
        JavaClasses all = new ClassFileImporter()
                .withImportOption(new DoNotIncludeTests())
                .importPackages("io.bindlink");
        members()
                .that()
                .areDeclaredInClassesThat()
                .resideInAnyPackage(EXPORTED.toArray(String[]::new))
                .should(nameExportedTypesAlone())
                .check(all);
    }

    private static ArchCondition<JavaMember> nameExportedTypesAlone() {
        return new ArchCondition<>("name exported types alone") {
            @Override
            public void check(JavaMember member, ConditionEvents events) {
                if (!visible(member)) {
                    return;
                }
                for (JavaClass type : typesOf(member)) {
                    JavaClass element = type.getBaseComponentType();
                    if (element.getPackageName().startsWith("io.bindlink")
                            && !(EXPORTED.contains(element.getPackageName())
                                    && element.getModifiers().contains(JavaModifier.PUBLIC))) {
                        events.add(SimpleConditionEvent.violated(
                                member, member.getFullName() + " names " + element.getName()));
                    }
                }
            }
        };
    }

    private static boolean visible(JavaMember member) {
        return member.getOwner().getModifiers().contains(JavaModifier.PUBLIC)
                && (member.getModifiers().contains(JavaModifier.PUBLIC)
                        || member.getModifiers().contains(JavaModifier.PROTECTED));
    }

    private static List<JavaClass> typesOf(JavaMember member) {
        if (member instanceof JavaField field) {
            return List.of(field.getRawType());
        }
        JavaCodeUnit unit = (JavaCodeUnit) member;
        List<JavaClass> types = new ArrayList<>(unit.getRawParameterTypes());
        types.add(unit.getRawReturnType());
        return types;
    }
}
