package text

// Loader are the texts that the page says before the program that has the catalogue runs, or when it cannot: the loader of
// the site is built with them, and the program leaves them out. The keys are those the scripts say.
func Loader() map[Language]map[string]string { return loader }

var loader = map[Language]map[string]string{
	English: {
		"loading":   "Loading…",
		"firstTime": "After this first time the phone opens at once, even without a network.",
		"starting":  "Starting…",
		"retry":     "Try again",
		"reload":    "Reload",
		"insecure":  "Calls need an encrypted page. Open this address with https:// at the beginning.",
		"wasm": "This browser cannot run the phone: WebAssembly is missing or switched off. Use a current version of " +
			"Chrome, Edge, Firefox or Safari.",
		"webrtc": "This browser cannot make calls: WebRTC is missing or switched off. Allow it, or use a current version " +
			"of Chrome, Edge, Firefox or Safari.",
		"download":   "The phone could not be loaded. Check the connection and try again.",
		"broken":     "This browser could not start the phone. Update the browser, then try again.",
		"config":     "The settings of this phone could not be fetched from its host. It opens as soon as they are here.",
		"stopped":    "The phone has stopped because of an error. Reload the page to go on.",
		"handedOver": "The number stands in the number field of the phone, which runs in another window.",
		"close":      "Close this window",
		"openHere":   "Open a phone here too",
	},
	German: {
		"loading":   "Wird geladen …",
		"firstTime": "Nach diesem ersten Mal öffnet sich das Telefon sofort, auch ohne Netz.",
		"starting":  "Wird gestartet …",
		"retry":     "Erneut versuchen",
		"reload":    "Neu laden",
		"insecure":  "Anrufe brauchen eine verschlüsselte Seite. Öffnen Sie diese Adresse mit https:// am Anfang.",
		"wasm": "Dieser Browser kann das Telefon nicht ausführen: WebAssembly fehlt oder ist abgeschaltet. Verwenden " +
			"Sie eine aktuelle Version von Chrome, Edge, Firefox oder Safari.",
		"webrtc": "Dieser Browser kann nicht telefonieren: WebRTC fehlt oder ist abgeschaltet. Erlauben Sie es oder " +
			"verwenden Sie eine aktuelle Version von Chrome, Edge, Firefox oder Safari.",
		"download": "Das Telefon konnte nicht geladen werden. Prüfen Sie die Verbindung und versuchen Sie es erneut.",
		"broken": "Dieser Browser konnte das Telefon nicht starten. Aktualisieren Sie den Browser und versuchen Sie es " +
			"erneut.",
		"config": "Die Einstellungen dieses Telefons konnten nicht von seinem Server geholt werden. Es öffnet sich, " +
			"sobald sie da sind.",
		"stopped":    "Das Telefon wurde durch einen Fehler beendet. Laden Sie die Seite neu, um fortzufahren.",
		"handedOver": "Die Nummer steht im Nummernfeld des Telefons, das in einem anderen Fenster läuft.",
		"close":      "Dieses Fenster schließen",
		"openHere":   "Auch hier ein Telefon öffnen",
	},
	Spanish: {
		"loading":   "Cargando…",
		"firstTime": "Después de esta primera vez el teléfono se abre al instante, incluso sin conexión.",
		"starting":  "Iniciando…",
		"retry":     "Reintentar",
		"reload":    "Recargar",
		"insecure":  "Las llamadas necesitan una página cifrada. Abra esta dirección con https:// al principio.",
		"wasm": "Este navegador no puede ejecutar el teléfono: WebAssembly falta o está desactivado. Use una versión " +
			"actual de Chrome, Edge, Firefox o Safari.",
		"webrtc": "Este navegador no puede hacer llamadas: WebRTC falta o está desactivado. Permítalo o use una versión " +
			"actual de Chrome, Edge, Firefox o Safari.",
		"download":   "No se pudo cargar el teléfono. Compruebe la conexión e inténtelo de nuevo.",
		"broken":     "Este navegador no pudo iniciar el teléfono. Actualice el navegador e inténtelo de nuevo.",
		"config":     "No se pudieron obtener los ajustes de este teléfono de su servidor. Se abrirá en cuanto lleguen.",
		"stopped":    "El teléfono se detuvo por un error. Recargue la página para continuar.",
		"handedOver": "El número está en el campo de número del teléfono, que funciona en otra ventana.",
		"close":      "Cerrar esta ventana",
		"openHere":   "Abrir un teléfono también aquí",
	},
	Arabic: {
		"loading":   "جارٍ التحميل…",
		"firstTime": "بعد هذه المرة الأولى يُفتح الهاتف فورًا، حتى دون اتصال.",
		"starting":  "جارٍ البدء…",
		"retry":     "أعد المحاولة",
		"reload":    "إعادة التحميل",
		"insecure":  "تحتاج المكالمات إلى صفحة مشفّرة. افتح هذا العنوان مع https:// في بدايته.",
		"wasm": "لا يستطيع هذا المتصفح تشغيل الهاتف: تقنية WebAssembly غير موجودة أو معطّلة. استخدم إصدارًا حديثًا من " +
			"Chrome أو Edge أو Firefox أو Safari.",
		"webrtc": "لا يستطيع هذا المتصفح إجراء المكالمات: تقنية WebRTC غير موجودة أو معطّلة. اسمح بها أو استخدم إصدارًا " +
			"حديثًا من Chrome أو Edge أو Firefox أو Safari.",
		"download":   "تعذّر تحميل الهاتف. تحقّق من الاتصال ثم أعد المحاولة.",
		"broken":     "تعذّر على هذا المتصفح بدء الهاتف. حدّث المتصفح ثم أعد المحاولة.",
		"config":     "تعذّر جلب إعدادات هذا الهاتف من خادمه. سيُفتح فور وصولها.",
		"stopped":    "توقّف الهاتف بسبب خطأ. أعد تحميل الصفحة للمتابعة.",
		"handedOver": "الرقم موجود في حقل الرقم في الهاتف الذي يعمل في نافذة أخرى.",
		"close":      "إغلاق هذه النافذة",
		"openHere":   "فتح هاتف هنا أيضًا",
	},
}
