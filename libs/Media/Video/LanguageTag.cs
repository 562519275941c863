using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Serverless.Media.Video;

/// <summary>The language that a file tells, as a tag of BCP 47 (RFC 5646), which wants the shortest code there is.</summary>
public static partial class LanguageTag
{
    // ISO 639-2: three letters, terminologic and bibliographic, and the two of ISO 639-1.
    private static readonly FrozenDictionary<string, string> Shortest = (
        "aaraa abkab afraf akaak albsq amham araar argan armhy asmas avaav aveae aymay azeaz bakba bambm baqeu belbe benbn "
        + "bihbh bisbi bodbo bosbs brebr bulbg burmy catca cescs chach chece chizh chucu chvcv corkw cosco crecr cymcy czecs "
        + "danda deude divdv dutnl dzodz ellel engen epoeo estet euseu eweee faofo fasfa fijfj finfi frafr frefr fryfy fulff "
        + "geoka gerde glagd glega glggl glvgv greel grngn gujgu hatht hauha hebhe herhz hinhi hmoho hrvhr hunhu hyehy iboig "
        + "iceis idoio iiiii ikuiu ileie inaia indid ipkik islis itait javjv jpnja kalkl kankn kasks katka kaukr kazkk khmkm "
        + "kikki kinrw kirky komkv konkg korko kuakj kurku laolo latla lavlv limli linln litlt ltzlb lublu luglg macmk mahmh "
        + "malml maomi marmr mayms mkdmk mlgmg mltmt monmn mrimi msams myamy nauna navnv nblnr ndend ndong nepne nldnl nnonn "
        + "nobnb norno nyany ocioc ojioj orior ormom ossos panpa perfa plipi polpl porpt pusps quequ rohrm ronro rumro runrn "
        + "rusru sagsg sansa sinsi slksk slosk slvsl smese smosm snasn sndsd somso sotst spaes sqisq srdsc srpsr sswss sunsu "
        + "swasw swesv tahty tamta tattt telte tgktg tgltl thath tibbo tirti tonto tsntn tsots tuktk turtr twitw uigug ukruk "
        + "urdur uzbuz venve vievi volvo welcy wlnwa wolwo xhoxh yidyi yoryo zhaza zhozh zulzu"
    )
        .Split(' ')
        .ToFrozenDictionary(pair => pair[..3], pair => pair[3..], StringComparer.OrdinalIgnoreCase);

    /// <summary>Null where nothing, or no language, is told.</summary>
    public static string? Of(string? told)
    {
        if (told is null || !Form().IsMatch(told))
        {
            return null;
        }
        string[] parts = told.Split('-', 2);
        string primary = Shortest.GetValueOrDefault(parts[0], parts[0]).ToLowerInvariant();
        return primary is "und" or "mul" or "mis" or "zxx" ? null
            : parts.Length == 1 ? primary
            : $"{primary}-{parts[1]}";
    }

    [GeneratedRegex("^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}$", RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}
