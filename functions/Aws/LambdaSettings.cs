using Microsoft.Extensions.Configuration;
using Serverless.Inference;
using Serverless.Ingest;

namespace Serverless.Functions.Aws;

/// <summary>Which setting goes where.</summary>
internal static class LambdaSettings
{
    public static void ReadModels(this IConfiguration models, InferenceOptions options)
    {
        models.Bind(options);
        options.ModelsRoot = models["Root"] ?? options.ModelsRoot;
    }

    public static void ReadAssets(this IConfiguration settings, AssetsOptions options)
    {
        settings.GetSection("Analysis").Bind(options.Analysis);
        settings.GetSection("Text").Bind(options.Text);
        settings.GetSection("Image").Bind(options.Image);
        settings.GetSection("Decoding").Bind(options.Decoding);
        settings.GetSection("Events").Bind(options.Events);
    }
}
