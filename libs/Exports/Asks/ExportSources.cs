using Serverless.Captures;

namespace Serverless.Exports.Asks;

/// <summary>Whose inputs they were, as exports call them.</summary>
public static class ExportSources
{
    public const string Api = "api";
    public const string Upload = CaptureRecord.Upload;
}
