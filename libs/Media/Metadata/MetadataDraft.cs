using System.Globalization;

namespace Serverless.Media.Metadata;

/// <summary>Collects what the parts of a file say; of what is told twice the first stays, keywords and creators are joined.</summary>
internal sealed class MetadataDraft
{
    public const int MaxCharacters = 2_000;
    public const int MaxKeywords = 64;
    private const int MaxCreators = 16;
    private const int MaxWarnings = 16;

    private readonly List<string> _keywords = [],
        _creators = [],
        _warnings = [];
    private MediaMetadata _told = new();
    private ToldPlace _place = new();

    public void Title(string? told) => _told = _told with { Title = _told.Title ?? Clean(told) };

    public void Description(string? told) => _told = _told with { Description = _told.Description ?? Clean(told) };

    public void Credit(string? told) => _told = _told with { Credit = _told.Credit ?? Clean(told) };

    public void Copyright(string? told) => _told = _told with { Copyright = _told.Copyright ?? Clean(told) };

    public void Language(string? told) => _told = _told with { Language = _told.Language ?? Video.LanguageTag.Of(told) };

    public void Creator(string? told) => Add(_creators, told, MaxCreators);

    public void Keyword(string? told) => Add(_keywords, told, MaxKeywords);

    /// <summary>Separated by commas or semicolons.</summary>
    public void Keywords(string? told)
    {
        foreach (string keyword in (told ?? "").Split([',', ';'], MaxKeywords + 1))
        {
            Keyword(keyword);
        }
    }

    public void PlaceName(string? told) => _place = _place with { Name = _place.Name ?? Clean(told) };

    public void City(string? told) => _place = _place with { City = _place.City ?? Clean(told) };

    public void Region(string? told) => _place = _place with { Region = _place.Region ?? Clean(told) };

    public void Country(string? told) => _place = _place with { Country = _place.Country ?? Clean(told) };

    /// <summary>Degrees; null where it is not told, NaN where it cannot be read.</summary>
    public void Position(double? latitude, double? longitude)
    {
        if (_place.Latitude is not null || latitude is null && longitude is null)
        {
            return;
        }
        if (latitude is >= -90 and <= 90 && longitude is >= -180 and <= 180)
        {
            _place = _place with { Latitude = Math.Round(latitude.Value, 6), Longitude = Math.Round(longitude.Value, 6) };
            return;
        }
        Warn(string.Create(CultureInfo.InvariantCulture, $"Found a position of {latitude}, {longitude} degrees, which is nowhere."));
    }

    public void Camera(string? make, string? model)
    {
        (make, model) = (Clean(make), Clean(model));
        string? camera =
            make is null || model?.StartsWith(make, StringComparison.OrdinalIgnoreCase) == true ? model ?? make
            : model is null ? make
            : $"{make} {model}";
        _told = _told with { Camera = _told.Camera ?? Clean(camera) };
    }

    public void Taken(string? told)
    {
        if (Clean(told) is not { } text || _told.Taken is not null)
        {
            return;
        }
        if (ToldTime.Read(text) is { } time)
        {
            _told = _told with { Taken = time };
            return;
        }
        Warn($"Found the time '{ShortText.Of(text, 40)}', which is none.");
    }

    public void Warn(string warning)
    {
        if (_warnings.Count < MaxWarnings && !_warnings.Contains(warning))
        {
            _warnings.Add(warning);
        }
    }

    /// <summary>Null where nothing is told.</summary>
    public MediaMetadata? Build()
    {
        bool hasPlace = _place != new ToldPlace();
        bool isEmpty =
            !hasPlace
            && _keywords.Count + _creators.Count + _warnings.Count == 0
            && (_told.Title ?? _told.Description ?? _told.Credit ?? _told.Copyright ?? _told.Language ?? _told.Taken ?? _told.Camera)
                is null;
        return isEmpty
            ? null
            : _told with
            {
                Place = hasPlace ? _place : null,
                Keywords = _keywords,
                Creators = _creators,
                Warnings = _warnings,
            };
    }

    private void Add(List<string> list, string? told, int most)
    {
        if (Clean(told) is not { } text || list.Contains(text))
        {
            return;
        }
        if (list.Count < most)
        {
            list.Add(text);
            return;
        }
        Warn($"Found more than {most} keywords or creators; the rest was left out.");
    }

    private static string? Clean(string? told) => ShortText.Of(told, MaxCharacters);
}
