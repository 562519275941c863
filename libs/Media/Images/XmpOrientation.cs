using System.Xml;
using NetVips;

namespace Serverless.Media.Images;

/// <summary>The orientation that editors write into XMP, where EXIF tells none (XMP part 2, §3.1: tiff:Orientation).</summary>
internal static class XmpOrientation
{
    private const string Field = "xmp-data",
        Tiff = "http://ns.adobe.com/tiff/1.0/",
        Name = "Orientation";

    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    /// <summary>2 to 8, as in EXIF; null where there is nothing to turn.</summary>
    public static int? Of(Image image) =>
        !image.Contains(VipsImage.OrientationField)
        && image.Contains(Field)
        && image.Get(Field) is byte[] xmp
        && int.TryParse(Find(xmp), out int orientation)
        && orientation is >= 2 and <= 8
            ? orientation
            : null;

    private static string? Find(byte[] xmp)
    {
        try
        {
            using XmlReader reader = XmlReader.Create(new MemoryStream(xmp), Settings);
            while (reader.Read())
            {
                if (reader.GetAttribute(Name, Tiff) is { } attribute)
                {
                    return attribute;
                }
                if (reader is { NodeType: XmlNodeType.Element, LocalName: Name, NamespaceURI: Tiff })
                {
                    return reader.ReadElementContentAsString();
                }
            }
        }
        catch (XmlException)
        {
            // Metadata that cannot be read says nothing.
        }
        return null;
    }
}
