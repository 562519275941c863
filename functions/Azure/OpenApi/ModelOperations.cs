using Serverless.Cards;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Models;
using Serverless.Functions.Azure.Validation;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Validation.Golden;

namespace Serverless.Functions.Azure.OpenApi;

internal static class ModelOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new Operation("ListModels", "All models, by name").Paged().Gives<ListAnswer<ModelSummary>>(),
        new Operation("ShowModel", "A model with its versions and what serves where").Gives<ModelAnswer>().Fails(404),
        new Operation(
            "CreatePackageAddress",
            "Gives an address to upload a package archive to, of any size; POST …/versions with its `from` then registers it"
        )
            .Query("format", "zip or tar.gz; zip if absent")
            .Query("store", "azure or s3; the registry's own if absent")
            .Gives<UploadAddressAnswer>(201, "PUT the archive there with these headers"),
        new Operation(
            "RegisterModel",
            "Registers a package as the next version; the same package registers once; at most 100 MiB in the body (Uploads:MaxBytes)"
        )
            .ByName()
            .Query("licence", "Of the model")
            .Query("trainingRun", "Lineage")
            .Query("dataDigest", "Lineage")
            .Query("codeCommit", "Lineage")
            .Query("baseModel", "Lineage")
            .Query("metric.{name}", "Metrics, as measured: each is named metric. and its name", "number")
            .Takes<RegistrationBody>() // first, since generators of clients take the first
            .Takes("application/zip", "The package")
            .Takes("application/gzip", "The package as a tar archive")
            .Gives<ModelManifest>(201, "Registered")
            .Gives<ModelManifest>(200, "Was registered before")
            .Fails(409, 413, 415, 422),
        new Operation("ListVersions", "The versions of a model, the oldest first").Gives<ListAnswer<VersionSummary>>().Fails(404),
        new Operation("ShowVersion", "All that is known of a version").Gives<VersionAnswer>().Fails(404),
        new Operation("CompareVersions", "Two versions side by side: metrics, signature, size, latency")
            .Query("a", "A version", "integer", required: true)
            .Query("b", "Another", "integer", required: true)
            .Gives<VersionComparison>()
            .Fails(404),
        new Operation("ShowLineage", "Of what a version was made: data, code, parent, and the labels that it learnt from")
            .Gives<LineageAnswer>()
            .Fails(404),
        new Operation("ShowModelCard", "What is recorded of a version, with an index by the EU AI Act and the NIST AI RMF")
            .Query("format", "html, markdown or json; as Accept says if absent, else html")
            .Gives<Card>()
            .Fails(404),
        new Operation("ShowManifest", "The manifest byte for byte, as it is signed").Gives("application/json", "manifest.json").Fails(404),
        new Operation("SignVersion", "Adds a detached ECDSA P-256 signature over the manifest")
            .ByName()
            .Takes("application/octet-stream", "As openssl dgst -sha256 -sign writes it")
            .Gives<SignatureAnswer>()
            .Fails(404, 409, 413),
        new Operation("DeleteVersion", "Deletes a version that does not serve, and did not of late")
            .ByName()
            .GivesNothing(204, "Deleted")
            .Fails(404, 409),
        new Operation("ListReports", "What was found out about a version").Gives<ListAnswer<ReportEntry>>().Fails(404),
        new Operation("ShowReport", "One report, as it was written")
            .Gives("application/octet-stream", "JSON, HTML or a picture, as its Content-Type says")
            .Fails(404),
        new Operation("ValidateVersion", "Validates a version for an environment: golden set, slices, robustness, time, memory")
            .Query("environment", "dev, qa or prod", required: true)
            .Header("Idempotency-Key", "One run however often it comes")
            .Gives<ValidationStarted>(202, "Under way")
            .Fails(404),
        new Operation("ListGolden", "By which golden set each environment judges").Gives<ListAnswer<GoldenPointer>>(),
        new Operation("StoreGoldenMedia", "Keeps a picture for golden sets")
            .Takes("application/octet-stream", "A picture")
            .Gives<GoldenMediaAnswer>(201, "Stored")
            .Fails(413, 422),
        new Operation("StoreGolden", "Keeps a golden set, and lets environments judge by it")
            .ByName()
            .Query("environment", "Who judges by it from now on; may be repeated")
            .Query("task", "Where the model is not registered yet")
            .Header("If-Match", "The tag of the pointer as the caller saw it, or * for any; with one environment")
            .Takes("application/jsonl", "One item a line; none whose review is open, and those that were rejected are left out")
            .Gives<GoldenAnswer>(201, "Stored")
            .Fails(404, 409, 412, 413, 422),
        new Operation("ShowGolden", "The lines of a golden set").Gives("application/jsonl", "One item a line").Fails(404),
        new Operation("ShowGoldenMedia", "A picture of a golden set, small, to look at; the digest is what stands behind sha256:")
            .Query("side", "Pixels of its longer side, 16 to 1,280; 640 if absent", "integer")
            .Gives("image/jpeg", "A picture")
            .Fails(404, 413, 422),
        .. GoldenDraftOperations.All,
        new Operation("ShowAlias", "The version that an environment serves; its tag is the ETag").Gives<ModelAlias>().Fails(404),
        new Operation("MoveAlias", "Moves an alias by hand, in dev; everywhere else a promotion does it")
            .Header("If-Match", "The tag of the alias as the mover saw it, or * for any")
            .ByName()
            .Takes<AliasBody>()
            .Gives<ModelAlias>()
            .GivesNothing(204, "Taken away")
            .Fails(404, 409, 412, 428),
        new Operation("ShowHistory", "What served at an instant, or all records, the newest first")
            .Query("environment", "dev, qa or prod", required: true)
            .Query("at", "An instant, ISO 8601")
            .Paged()
            .Gives<ListAnswer<HistoryRecord>>(description: "A list; with `at` one ServedVersionAnswer")
            .Fails(404),
        new Operation("VerifyHistory", "Whether the history is whole, by its chain of hashes")
            .Query("environment", "dev, qa or prod", required: true)
            .Gives<HistoryVerdict>()
            .Fails(404),
        new Operation("RestoreModel", "Goes back to what served at an instant")
            .ByName()
            .Takes<RestoreBody>()
            .Gives<ModelAlias>()
            .Fails(404, 409),
    ];
}
