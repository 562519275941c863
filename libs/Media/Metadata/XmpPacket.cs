using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;

namespace Serverless.Media.Metadata;

/// <summary>Reads XMP (ISO 16684-1: RDF in XML): the properties of Dublin Core, Photoshop, EXIF, TIFF and IPTC that describe a picture.
/// Of a text in several languages the first is taken, where x-default stands.</summary>
internal static partial class XmpPacket
{
    private const string Rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        DublinCore = "http://purl.org/dc/elements/1.1/",
        Photoshop = "http://ns.adobe.com/photoshop/1.0/",
        Exif = "http://ns.adobe.com/exif/1.0/",
        Tiff = "http://ns.adobe.com/tiff/1.0/",
        Iptc = "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/";

    private const int MaxDepth = 64;
    private const int MaxCharacters = 1 << 20;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = MaxCharacters,
        IgnoreComments = true,
        IgnoreWhitespace = true,
    };

    public static void Read(byte[] xmp, MetadataDraft draft)
    {
        Found found = new();
        try
        {
            using XmlReader reader = XmlReader.Create(new MemoryStream(xmp), Settings);
            Read(reader, draft, found);
        }
        catch (XmlException e)
        {
            draft.Warn($"Found XMP that cannot be read: {ShortText.Of(e.Message, 200)}");
        }
        draft.Camera(found.Make, found.Model);
        draft.Position(Degrees(found.Latitude), Degrees(found.Longitude));
    }

    private static void Read(XmlReader reader, MetadataDraft draft, Found found)
    {
        Stack<(string Space, string Name)> open = new();
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    if (reader.Depth > MaxDepth)
                    {
                        throw new XmlException($"it is nested more than {MaxDepth} deep");
                    }
                    bool isEmpty = reader.IsEmptyElement;
                    open.Push((reader.NamespaceURI, reader.LocalName));
                    while (reader.MoveToNextAttribute())
                    {
                        Take(reader.NamespaceURI, reader.LocalName, reader.Value, draft, found);
                    }
                    if (isEmpty)
                    {
                        open.Pop();
                    }
                    break;
                case XmlNodeType.EndElement:
                    open.Pop();
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA:
                    (string space, string name) = open.FirstOrDefault(element => element.Space != Rdf);
                    Take(space, name, reader.Value, draft, found);
                    break;
            }
        }
    }

    private static void Take(string? space, string? name, string value, MetadataDraft draft, Found found)
    {
        switch (space, name)
        {
            case (DublinCore, "title"):
                draft.Title(value);
                break;
            case (DublinCore, "description"):
                draft.Description(value);
                break;
            case (DublinCore, "creator"):
                draft.Creator(value);
                break;
            case (DublinCore, "rights"):
                draft.Copyright(value);
                break;
            case (DublinCore, "subject"):
                draft.Keyword(value);
                break;
            case (Photoshop, "Credit"):
                draft.Credit(value);
                break;
            case (Photoshop, "City"):
                draft.City(value);
                break;
            case (Photoshop, "State"):
                draft.Region(value);
                break;
            case (Photoshop, "Country"):
                draft.Country(value);
                break;
            case (Iptc, "Location"):
                draft.PlaceName(value);
                break;
            case (Exif, "DateTimeOriginal") or (Photoshop, "DateCreated"):
                draft.Taken(value);
                break;
            case (Exif, "GPSLatitude"):
                found.Latitude = value;
                break;
            case (Exif, "GPSLongitude"):
                found.Longitude = value;
                break;
            case (Tiff, "Make"):
                found.Make = value;
                break;
            case (Tiff, "Model"):
                found.Model = value;
                break;
        }
    }

    // "52,31.2N" or "52,31,12N" (XMP part 2, §1.2.2.4).
    private static double? Degrees(string? told)
    {
        if (told is null)
        {
            return null;
        }
        if (Coordinate().Match(told) is not { Success: true } match)
        {
            return double.NaN;
        }
        double degrees = Number(match.Groups[1]) + Number(match.Groups[2]) / 60 + Number(match.Groups[3]) / 3600;
        return match.Groups[4].Value is "S" or "W" ? -degrees : degrees;
    }

    private static double Number(Group group) => group.Success ? double.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^([0-9]{1,3}),([0-9]{1,2}(?:\.[0-9]{1,10})?)(?:,([0-9]{1,2}(?:\.[0-9]{1,10})?))?([NSEW])$")]
    private static partial Regex Coordinate();

    /// <summary>What only means something together with another property.</summary>
    private sealed class Found
    {
        public string? Make { get; set; }
        public string? Model { get; set; }
        public string? Latitude { get; set; }
        public string? Longitude { get; set; }
    }
}
