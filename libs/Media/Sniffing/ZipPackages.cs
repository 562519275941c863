namespace Serverless.Media.Sniffing;

/// <summary>Documents that are ZIP archives underneath, by the entries that their formats ask for.</summary>
internal static class ZipPackages
{
    private const string OfficeType = "application/vnd.openxmlformats-officedocument.";

    public static bool IsZip(ReadOnlySpan<byte> head) =>
        head.StartsWith("PK\u0003\u0004"u8) || head.StartsWith("PK\u0005\u0006"u8) || head.StartsWith("PK\u0007\u0008"u8);

    public static MediaVerdict? Match(ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail)
    {
        if (!IsZip(head))
        {
            return null;
        }

        List<string> names = ZipEntries.NamesIn(head, tail);
        bool saysType = names.Contains("mimetype");
        if ((saysType && Either(head, tail, "mimetypeapplication/epub+zip"u8)) || names.Contains("META-INF/container.xml"))
        {
            return MediaVerdict.Refuse("application/epub+zip", "an EPUB book");
        }
        bool hasParts = names.Contains("META-INF/manifest.xml") && names.Contains("content.xml");
        if ((saysType && Either(head, tail, "mimetypeapplication/vnd.oasis"u8)) || hasParts)
        {
            return MediaVerdict.Refuse("application/vnd.oasis.opendocument", "an OpenDocument file");
        }
        return OfficeOpenXml(names) ?? MediaVerdict.Refuse("application/zip", "a ZIP archive");
    }

    // Books and OpenDocument files have an entry whose content is their type: the first by their specifications, anywhere once packed anew.
    private static bool Either(ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail, ReadOnlySpan<byte> typed) =>
        head.IndexOf(typed) >= 0 || tail.IndexOf(typed) >= 0;

    // ECMA-376 part 2 asks for the first two names, and by custom the parts of a document lie in the folder of their kind.
    private static MediaVerdict? OfficeOpenXml(List<string> names)
    {
        if (!names.Contains("[Content_Types].xml") && !names.Contains("_rels/.rels"))
        {
            return null;
        }
        bool Has(string folder) => names.Exists(name => name.StartsWith(folder, StringComparison.Ordinal));
        return Has("word/") ? MediaVerdict.Refuse(OfficeType + "wordprocessingml.document", "a Word document (DOCX)")
            : Has("xl/") ? MediaVerdict.Refuse(OfficeType + "spreadsheetml.sheet", "an Excel workbook (XLSX)")
            : Has("ppt/") ? MediaVerdict.Refuse(OfficeType + "presentationml.presentation", "a PowerPoint presentation (PPTX)")
            : MediaVerdict.Refuse("application/vnd.openxmlformats", "an Office Open XML document");
    }
}
