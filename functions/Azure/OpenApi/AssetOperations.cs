using Serverless.Functions.Azure.Assets;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Reanalysis;
using Serverless.Functions.Azure.Runs.Acts;
using Serverless.Functions.Azure.Search;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Steps;

namespace Serverless.Functions.Azure.OpenApi;

internal static class AssetOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new Operation("UploadAsset", "Uploads through HTTP, to go the way of every upload; at most 100 MiB (Uploads:MaxBytes)")
            .Query("name", "Where it is kept, below media/", required: true)
            .Query("meta.{name}", "What is said of it, kept with it and in its analysis; at most 32")
            .Takes("application/octet-stream", "The content, streamed")
            .Gives<UploadAnswer>(202, "Kept; its analysis follows")
            .Fails(413),
        new Operation(
            "CreateUploadAddress",
            "Gives an address to upload to directly, for one hour (Uploads:AddressLifetime) and this name only; the upload then "
                + "goes the way of every upload"
        )
            .Query("name", "Where it is kept, below media/", required: true)
            .Query("store", "azure or s3; azure if absent")
            .Query("inParts", "true to be told in parts what arrived of an upload in parts that was not ended; false if absent")
            .Query("meta.{name}", "What is said of it, in headers that the answer names; at most 32")
            .Gives<UploadAddressAnswer>(201, "PUT the content there with these headers"),
        Filtered(new Operation("ListAssets", "What was uploaded and what became of it, the latest change first"))
            .Query("state", "expected, processing, processed, quarantined, superseded, gone; all but gone if absent")
            .Paged()
            .Gives<ListAnswer<AssetAnswer>>(),
        new Operation("ShowAsset", "All remembered versions of an asset, and where else its content lies")
            .Gives<AssetVersions>()
            .Fails(404, 410),
        new Operation("EraseAsset", "Deletes an asset, all that was made of it and its history; a record without content says so")
            .ByName()
            .Gives<ErasureRecord>()
            .Fails(404, 410),
        new Operation("ListErasures", "Which assets were erased, by store and id: records without content")
            .Query("since", "Erased then or after, as 2026-01-31T12:00:00Z")
            .Paged()
            .Gives<ListAnswer<ErasureRecord>>(),
        new Operation(
            "BringErasuresBack",
            "Takes records that were listed before a store was set back, 1,000 at most; the next reconcile erases what they name once "
                + "more, but not what was uploaded after"
        )
            .ByName()
            .Takes<ErasuresRequest>()
            .Gives<ErasuresAnswer>(),
        new Operation("ShowAnalysis", "What was found in an asset")
            .Query("version", "The newest that was analysed if absent")
            .Gives("application/json", "As /api/schemas/analysis describes it")
            .Fails(404),
        new Operation("ShowAssetFile", "A thumbnail, a keyframe, captions or the text of passages, which the analysis names by their paths")
            .Gives("image/jpeg", "Or text/vtt, or application/gzip")
            .Fails(404, 410),
        new Operation(
            "ShowDownloadAddress",
            "Gives an address to read the original from directly, in ranges too, for 15 minutes (Uploads:DownloadLifetime)"
        )
            .Gives<DownloadAddressAnswer>(200, "GET it there; the version says what is current")
            .Fails(404, 410),
        new Operation("AnalysisSchema", "The JSON schema of analyses").Gives("application/schema+json", "JSON schema, draft 2020-12"),
        new Operation("IngestSummary", "Expected, processed, quarantined and missing, counted from the listings").Gives<SummaryAnswer>(),
        Filtered(new Operation("IngestThroughput", "Arrivals, results and waiting over the last hours, in 60 steps, and by store and kind"))
            .Query("state", "As of ListAssets")
            .Query("hours", "1 to 720; 24 if absent", "integer")
            .Gives<IngestThroughput>(),
        Filtered(new Operation("ListQuarantine", "What was given up, with its reason")).Paged().Gives<ListAnswer<AssetAnswer>>(),
        new Operation("RedriveAsset", "Tries one again").Gives<RedriveAnswer>(202, "Started").Fails(404, 409),
        Filtered(new Operation("PreviewRedrive", "How many the same request by POST would try again, and which of them first"))
            .Query("limit", "At most so many, 1 to 10,000", "integer")
            .Gives<RedrivePreview>(),
        Filtered(
                new Operation(
                    "RedriveMany",
                    "Tries again what the filter admits, the latest change first, by a run whose custom status says how far it is"
                )
            )
            .ByName()
            .Query("limit", "At most so many, 1 to 10,000", "integer")
            .Query("expected", "How many the filter admits by the preview; 409 where it admits another number", "integer")
            .Takes<RunActRequest>()
            .Gives<RunActAnswer>(202, "Begun, by this run")
            .Fails(409),
        new Operation("StartReanalysis", "Has the version of a model that serves now look at what another version analysed")
            .Takes<ReanalysisQuery>()
            .Gives<ReanalysisAnswer>(202, "Started; Location says where its status is")
            .Fails(409),
        new Operation("ShowReanalysis", "How far a reanalysis has come").Gives<ReanalysisAnswer>().Fails(404),
        new Operation("CancelReanalysis", "Ends a reanalysis; what was analysed anew stays so")
            .ByName()
            .Takes<ReasonRequest>(isOptional: true)
            .Gives<ReanalysisAnswer>(202, "Heard")
            .Fails(404, 409),
        Searched(new Operation("SearchByText", "Finds passages, images and shots by a text: its words or its meaning, or by their looks"))
            .Query(
                "q",
                "1 to 2,000 characters: words, \"words that stand like this\", beginnings of words (harb*); no asset that has -excluded or "
                    + "-\"excluded words\" in any of its places, its name and metadata among them, is found",
                required: true
            )
            .Query(
                "mode",
                "both, words, meaning or look; both if absent: two rankings in one, by reciprocal ranks. look compares the text with "
                    + "pictures and shots themselves, where the model for images embeds texts too; else it is refused"
            ),
        Searched(new Operation("SearchByImage", "Finds what looks like a picture")).Takes("image/*", "The picture").Fails(413, 415, 422),
        Searched(new Operation("FindSimilar", "Finds what is like an asset: a text by its meaning, a picture or film by its looks"))
            .Query("place", "One place of it, as a search or analysis names it (char=0,120; t=3.2,9); the whole if absent")
            .Fails(404),
    ];

    private static Operation Filtered(Operation operation) =>
        operation.Query("store", "azure or s3").Query("kind", "text, image or video").Query("failure", "Kind of failure");

    private static Operation Searched(Operation operation) =>
        operation
            .QueryMany("kind", "text, image or video; any of those given")
            .QueryMany("store", "azure or s3; any of those given")
            .QueryMany("prefix", "Beginning of the path; any of those given")
            .Query("from", "Registered at or after, as 2026-01-31T12:00:00Z")
            .Query("to", "Registered before, as 2026-01-31T12:00:00Z")
            .QueryMany("language", "ISO 639-1; any of those given")
            .QueryMany("label", "Seen in the picture or shot, or topic of the text; any of those given")
            .QueryMany("entity", "Named in the passage, as type:text; any of those given")
            .QueryMany("model", "Took part in the analysis: name, or name/version; any of those given")
            .QueryMany(
                "told",
                "What the file says of itself, as name:value (keyword:harbour, taken:2026-01); of each name any of those given"
            )
            .Query("meta.{name}", "What was said of it at the upload; any of those given")
            .Query(
                "facets",
                "What to count among the found assets: kind, store, language, label, entity, model, told, meta, separated by commas"
            )
            .Query("limit", "1 to 100 assets; 10 if absent", "integer")
            .Query("after", "The page after the one whose `next` this is: none has what another had, or what was uploaded since the first")
            .Gives<SearchAnswer>(
                200,
                "Each hit says in its modality what was found: text, picture (its looks), label, caption or metadata; locations are all "
                    + "paths with its content, which is found once"
            );
}
