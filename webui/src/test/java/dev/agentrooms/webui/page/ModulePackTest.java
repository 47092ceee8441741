package dev.agentrooms.webui.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class ModulePackTest {

  private static String pack(Map<String, String> files) {
    return ModulePack.of("app/main.js", files::get);
  }

  @Test
  void modulesStandInTheOrderInWhichABrowserWouldRunThemEachOnce() {
    assertThat(
            pack(
                Map.of(
                    "app/main.js",
                    "// Entry.\nimport { a } from './view/a.js';\nimport { b as c } from './b.js';\n\na(c);\n",
                    "app/view/a.js",
                    "import * as b from '../b.js';\n\n/** Says a. */\nexport function a() {\n  return b.b;\n}\n",
                    "app/b.js",
                    "export const b = 1;\nexport async function d() {}\nfunction mine() {}\n")))
        .isEqualTo(
            """
            const $b=(()=>{
            const b = 1;
            async function d() {}
            function mine() {}
            return{b,d}})();
            const $view_a=(()=>{
            const b=$b;
            function a() {
            return b.b;
            }
            return{a}})();
            await(async()=>{
            const{a}=$view_a;
            const{b:c}=$b;
            a(c);
            })();
            """);
  }

  @Test
  void vendoredModulesStayAsTheyAre() {
    assertThat(
            pack(
                Map.of(
                    "app/main.js",
                    "import { html } from './lib.js';\nhtml();\n",
                    "app/lib.js",
                    "export { html, svg } from '../vendor/lit/lit.js';\n")))
        .startsWith("import*as $vendor_lit_lit from'../vendor/lit/lit.js';\n")
        .contains("return{html:$vendor_lit_lit.html,svg:$vendor_lit_lit.svg}");
  }

  @Test
  void whatIsLoadedLaterIsFoundFromWhereThePackLies() {
    assertThat(
            pack(
                Map.of(
                    "app/main.js",
                    "import { a } from './view/a.js';\na();\n",
                    "app/view/a.js",
                    "export const a = () => import('../later.js');\nconst w = new URL('./w.js', import.meta.url);\n")))
        .contains("import('./later.js')")
        .contains("new URL('./view/w.js', import.meta.url)");
  }

  @Test
  void aFormThatIsNotKnownIsRefused() {
    for (String odd :
        new String[] {"export let a = 1;\n", "export default 1;\n", "import a from './b.js';\n"}) {
      assertThatThrownBy(() -> pack(Map.of("app/main.js", "\n" + odd)))
          .hasMessageContaining("app/main.js");
    }
  }
}
