using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Serverless.Local.Events.Delivery;

namespace Serverless.Local.Events;

/// <summary>Which stores are watched and where their events go.</summary>
internal sealed class EventsOptions
{
    /// <summary>Where events are kept until they are delivered: ".data" by default.</summary>
    public string DataDirectory { get; set; } = ".data";

    public S3EventsOptions S3 { get; } = new();

    public BlobEventsOptions Blobs { get; } = new();

    public FaultOptions Faults { get; } = new();

    public static EventsOptions Read(IConfiguration configuration)
    {
        EventsOptions options = new();
        configuration.GetSection("S3").Bind(options.S3);
        configuration.GetSection("S3Events").Bind(options.S3);
        options.S3.Region = configuration["AWS_REGION"] ?? options.S3.Region;
        configuration.GetSection("BlobEvents").Bind(options.Blobs);
        options.Blobs.ConnectionString ??= configuration["AzureWebJobsStorage"];
        configuration.GetSection("Faults").Bind(options.Faults);
        return options;
    }

    /// <exception cref="InvalidOperationException">Names everything that is wrong, in one line.</exception>
    public EventsOptions Validated()
    {
        List<ValidationResult> problems = [];
        if (S3.QueueUrl is null && Blobs.Host is null)
        {
            problems.Add(new("Nothing is to be watched: set S3Events__QueueUrl, BlobEvents__Host or both."));
        }

        foreach (object part in (object[])[S3, Blobs, Faults])
        {
            Validator.TryValidateObject(part, new(part), problems, validateAllProperties: true);
        }

        return problems.Count == 0
            ? this
            : throw new InvalidOperationException(string.Join(' ', problems.Select(problem => problem.ErrorMessage)));
    }
}

/// <summary>A bucket's notification. Section "S3Events"; the server and the bucket are those of section "S3".</summary>
internal sealed class S3EventsOptions
{
    /// <summary>The S3 server, http://127.0.0.1:4568 by default.</summary>
    public Uri ServiceUrl { get; set; } = new("http://127.0.0.1:4568");

    [Required]
    public string Bucket { get; set; } = "assets";

    public string Region { get; set; } = "us-east-1";

    /// <summary>Only keys that start so are announced: "media/" by default.</summary>
    public string Prefix { get; set; } = "media/";

    /// <summary>The server's access log, whose lines tell of uploads at once; without one the bucket is listed more often.</summary>
    public string? AccessLog { get; set; }

    /// <summary>The queue that gets the records; without one the bucket is not watched.</summary>
    public Uri? QueueUrl { get; set; }

    /// <summary>Objects announced by one message where several are found at once, 3 by default.</summary>
    [Range(1, 100)]
    public int RecordsPerMessage { get; set; } = 3;
}

/// <summary>
/// The Event Grid subscriptions to a container: of a Functions host to created blobs, of a queue to deleted ones. Section "BlobEvents".
/// </summary>
internal sealed class BlobEventsOptions : IValidatableObject
{
    /// <summary>The storage account; AzureWebJobsStorage by default.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Only blobs of this container are announced: "media" by default.</summary>
    [Required]
    public string Container { get; set; } = "media";

    /// <summary>Azurite's access log, whose lines tell of uploads at once; without one the container is listed more often.</summary>
    public string? AccessLog { get; set; }

    /// <summary>Address of the Functions host; without one the container is not watched.</summary>
    public Uri? Host { get; set; }

    /// <summary>The function that gets the events.</summary>
    public string Function { get; set; } = "";

    /// <summary>The host's system key for the blobs extension, or its master key.</summary>
    public string Key { get; set; } = "";

    /// <summary>The host's keys.json, from which the key is read instead; until the host has made it, events wait.</summary>
    public string? KeysFile { get; set; }

    /// <summary>Events per request, 16 by default.</summary>
    [Range(1, 5000)]
    public int MaxEventsPerBatch { get; set; } = 16;

    /// <summary>The storage queue that gets the events of deleted blobs; without one they are not announced.</summary>
    public string? DeletedQueue { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Host is not null && (string.IsNullOrEmpty(Function) || string.IsNullOrEmpty(ConnectionString)))
        {
            yield return new("BlobEvents__Host is set, so BlobEvents__Function and AzureWebJobsStorage must be too.");
        }
    }
}
