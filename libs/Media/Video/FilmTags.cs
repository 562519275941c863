namespace Serverless.Media.Video;

/// <summary>The names of tags that are read of a film: of QuickTime and MP4 as ffmpeg calls them (libavformat/mov.c), of Matroska (its
/// tag registry), and Apple's keys.</summary>
internal static class FilmTags
{
    public const string Names =
        "title,description,synopsis,comment,artist,author,director,composer,copyright,license,keywords,date,date_released,date_recorded,"
        + "creation_time,location,make,model,"
        + "com.apple.quicktime.title,com.apple.quicktime.description,com.apple.quicktime.author,com.apple.quicktime.artist,"
        + "com.apple.quicktime.copyright,com.apple.quicktime.keywords,com.apple.quicktime.creationdate,"
        + "com.apple.quicktime.location.ISO6709,com.apple.quicktime.make,com.apple.quicktime.model";
}
