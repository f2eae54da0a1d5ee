/** German: presets of instructions. */
export const PRESETS = {
  Presets: "Vorlagen",
  Preset: "Vorlage",
  "Choose a preset…": "Vorlage wählen …",
  "Rename preset": "Vorlage umbenennen",
  "Delete preset": "Vorlage löschen",
  "Save as preset": "Als Vorlage speichern",
  "Name of the preset": "Name der Vorlage",
  "Save preset": "Vorlage speichern",
  "Replace ¦ preset": "Ersetzen",
  "Name is taken ¦ preset": "Name ist vergeben",
  "Your text was replaced.": "Dein Text wurde ersetzt.",
  "“{name}” was replaced.": "„{name}“ wurde ersetzt.",
  "“{name}” was deleted.": "„{name}“ wurde gelöscht.",
} as const;
