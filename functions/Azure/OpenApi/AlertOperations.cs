using Serverless.Alerts;
using Serverless.Alerts.Mail;
using Serverless.Functions.Azure.Alerts;
using Serverless.Functions.Azure.Http;

namespace Serverless.Functions.Azure.OpenApi;

internal static class AlertOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new Operation("ListAlerts", "Alerts, the latest opened first; resolved ones of the last twelve months")
            .Query("state", "open or resolved; open if absent")
            .Query("limit", "1 to 1,000; 50 if absent", "integer")
            .Gives<ListAnswer<Alert>>(),
        new Operation("ShowAlert", "An alert with all that was done about it").Gives<Alert>().Fails(404),
        Acts(new Operation("AcknowledgeAlert", "Says that somebody sees to it: no more reminders")),
        Acts(new Operation("ResolveAlert", "Ends an alert by hand; where what it is about lasts, the next look opens another")),
        new Operation("ListMutes", "What is told to nobody for a while").Gives<ListAnswer<AlertMute>>(),
        new Operation(
            "MuteAlerts",
            "Tells nobody of a rule, of a subject or of both until a time within 30 days; alerts are recorded all the same"
        )
            .ByName()
            .Takes<MuteRequest>()
            .Gives<AlertMute>(201, "Muted")
            .Fails(409),
        new Operation("UnmuteAlerts", "Ends a mute; what is still open is told").GivesNothing(204, "Ended").Fails(404),
        new Operation("ShowAlertRules", "The rules with limits, times and routes; their revision is the ETag").Gives<RulesAnswer>(),
        new Operation("ReplaceAlertRules", "Replaces the rules that differ from what the code has")
            .ByName()
            .Header("If-Match", "The revision that is replaced, or * for any", required: true)
            .Takes<RulesRequest>()
            .Gives<RulesAnswer>()
            .Fails(409, 412, 428),
        new Operation("TestAlerts", "Sends an alert that is none through every route, and says what came of each")
            .ByName()
            .Gives<TestAnswer>(),
        new Operation("ListMails", "What was mailed, with every try, the newest first; 200 are kept")
            .Query("limit", "1 to 200; 50 if absent", "integer")
            .Gives<ListAnswer<MailDelivery>>(),
        new Operation("ListRunbooks", "What to do when something happens").Gives<ListAnswer<RunbookAnswer>>(),
        new Operation("ShowAllRunbooks", "All runbooks in one text").Gives("text/markdown", "The text"),
        new Operation("ShowRunbook", "A runbook: of a rule by its name, which may end in .md, or of what people do by hand")
            .Gives("text/markdown", "The text")
            .Fails(404),
    ];

    private static Operation Acts(Operation operation) => operation.ByName().Takes<ReasonRequest>().Gives<Alert>().Fails(404, 409);
}
