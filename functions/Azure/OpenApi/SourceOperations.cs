using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Sources;

namespace Serverless.Functions.Azure.OpenApi;

internal static class SourceOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new Operation("ListSources", "Where uploads come from, with counts and how the last sync stands").Gives<ListAnswer<SourceAnswer>>(),
        new Operation("ShowSource", "One of them, also one that was removed").Gives<SourceAnswer>().Fails(404),
        new Operation("PreviewSource", "What a source would cover; counts 10,000 objects at most")
            .Query("store", "azure or s3", required: true)
            .Query("container", "Name of the container or bucket", required: true)
            .QueryMany("prefix", "Beginning of keys; the whole container if absent")
            .QueryMany("type", "text, image, video, or an extension such as .jpg; all if absent")
            .Gives<SourcePreview>(),
        new Operation("AddSource", "Has the objects of a container or bucket analysed, those that are there first")
            .ByName()
            .Takes<AddSourceRequest>()
            .Gives<SourceAnswer>(201, "Added; its sync begins")
            .Fails(409),
        new Operation("ChangeSource", "Changes the rate, the prefixes or the filter; another choice of objects is synced anew")
            .ByName()
            .Takes<ChangeSourceRequest>()
            .Gives<SourceAnswer>()
            .Fails(404, 409),
        Act(new Operation("PauseSource", "Has nothing new begun; a sync at work ends, what was begun goes on")),
        Act(new Operation("ResumeSource", "Ends a pause, with a sync of what came meanwhile")),
        Act(new Operation("StartSourceSync", "Looks through the whole source now")),
        Act(
            new Operation("RemoveSource", "Ends a source; its objects stay where they are").Query(
                "analyses",
                "keep or erase what was made of its assets",
                required: true
            )
        ),
    ];

    private static Operation Act(Operation operation) =>
        operation.ByName().Takes<ReasonRequest>(isOptional: true).Gives<SourceAnswer>().Fails(404, 409);
}
