using Serverless.Imaging;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Events;
using Serverless.Ingest.Health;
using Serverless.Ingest.Models;
using Serverless.Ingest.Videos;
using Serverless.Media.Images;
using Serverless.Media.Shots;
using Serverless.Media.Text;
using Serverless.Media.Video;
using Serverless.Vectors;
using Serverless.Words;

namespace Serverless.Ingest;

/// <summary>What is admitted, how it is analysed, and who is told.</summary>
public sealed class AssetsOptions
{
    public AnalysisOptions Analysis { get; set; } = new();
    public TextOptions Text { get; set; } = new();
    public ImageOptions Image { get; set; } = new();
    public DecodingOptions Decoding { get; set; } = new();
    public VideoOptions Video { get; set; } = new();
    public ShotOptions Shots { get; set; } = new();
    public VideoAnalysisOptions VideoAnalysis { get; set; } = new();
    public RolesOptions Roles { get; set; } = new();
    public EventsOptions Events { get; set; } = new();
    public WordOptions Words { get; set; } = new();
    public HealthOptions Health { get; set; } = new();

    /// <summary>Whether what there is of uploads and jobs is measured here; false by default, since one process is enough.</summary>
    public bool HasGauges { get; set; }

    public VectorIndexOptions Index { get; set; } = new();

    /// <summary>Name of the store whose <c>index/</c> holds what can be searched; empty (the default) where nothing is searched.</summary>
    public string? IndexStore { get; set; }
}
