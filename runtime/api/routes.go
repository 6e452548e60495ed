package api

import "net/http"

// A route is one call of the API: what serves it, and all that its description
// says. The body and answer are zero values of what is read and written.
type route struct {
	method, path string
	id           string // operationId
	doc          string
	query        []param
	body         any    // nil: none is read
	answer       any    // nil: media says what comes
	media        string // of an answer that is not JSON
	status       int    // when it went well; 0: 200
	also         int    // another status that the answer may have; 0: none
	refusals     []int  // beside those of every call
	open         bool   // comes without the token
	handle       func(*request) error
}

// param is a parameter of a query.
type param struct {
	name, kind, doc string
}

var pngMedia = "image/png"

// routes is the whole API.
func (s *Server) routes() []route {
	return []route{
		{method: "GET", path: "/", id: "page", doc: "The status page: a window into this program for a browser.", media: "text/html; charset=utf-8", open: true, handle: (*request).page},
		{method: "GET", path: "/health", id: "health", doc: "Says that the program lives and answers, whatever else is wrong; /ready says whether it does its work.", media: "text/plain; charset=utf-8", open: true, handle: (*request).health},
		{method: "GET", path: "/ready", id: "ready", doc: "Says whether the loop does its work. It does not while scripts are due and none was saved for three intervals (at least 30 s), the disk is full, or a script that is enabled can't be read or saved: then 503, with a reason. A loop that is paused, or has nothing due, is ready.", answer: readyAnswer{}, also: 503, handle: (*request).ready},
		{method: "GET", path: "/status", id: "status", doc: "What this program is and does.", answer: statusAnswer{}, handle: (*request).status},
		{method: "GET", path: "/api/openapi.json", id: "describe", doc: "This description.", media: "application/json", handle: (*request).describe},
		{method: "GET", path: "/api/events", id: "events", doc: "Server-sent events: cycles, runs, frames, offers. A reader that falls behind is let go; it may come back.", media: "text/event-stream", refusals: []int{503}, handle: (*request).getEvents},
		{method: "GET", path: "/api/canvas/human.png", id: "canvasHuman", doc: "The human texture of what the window shows, or of the last run.", media: pngMedia, refusals: []int{404, 429, 503}, handle: canvasHuman},
		{method: "GET", path: "/api/canvas/machine.png", id: "canvasMachine", doc: "Its display page: the codes as red, green and blue.", media: pngMedia, refusals: []int{404, 429, 503}, handle: canvasMachine},

		{method: "GET", path: "/api/pixel/backends", id: "backends", doc: "What programs can run on, the best first.", answer: backendsAnswer{}, handle: (*request).getBackends},
		{method: "POST", path: "/api/pixel/assemble", id: "assemble", doc: "Assembles a source text. A program that is refused is an answer with success false.", body: assembleRequest{}, answer: assembleAnswer{}, refusals: []int{429, 503}, handle: (*request).assemble},
		{method: "POST", path: "/api/pixel/run", id: "run", doc: "Runs a program to its end, its first FRAME (or as many as frames says), or max_cycles. A program that fails is an answer with success false, the error, and the picture as far as it came.", body: runRequest{}, answer: runAnswer{}, refusals: []int{422, 429, 503}, handle: (*request).run},

		{method: "GET", path: "/api/cartridges", id: "cartridges", doc: "The cartridges on the shelf, a plain list, newest first. Where there are more, the header Link has the page after.", query: cartridgeQuery, answer: []cartridgeRow{}, refusals: []int{400, 429, 503}, handle: (*request).getCartridges},
		{method: "POST", path: "/api/cartridges", id: "addCartridge", doc: "Makes a cartridge.", body: cartridgeRequest{}, answer: cartridgeAnswer{}, status: 201, refusals: []int{409, 422, 429}, handle: (*request).addCartridge},
		{method: "GET", path: "/api/cartridges/{id}", id: "cartridge", doc: "One cartridge, verified.", answer: cartridgeAnswer{}, refusals: []int{404, 409, 503}, handle: (*request).getCartridge},
		{method: "PUT", path: "/api/cartridges/{id}", id: "replaceCartridge", doc: "Gives a cartridge other contents.", body: cartridgeRequest{}, answer: cartridgeAnswer{}, refusals: []int{404, 409, 422, 429}, handle: (*request).replaceCartridge},
		{method: "DELETE", path: "/api/cartridges/{id}", id: "deleteCartridge", doc: "Takes a cartridge off the shelf.", answer: doneAnswer{}, refusals: []int{404, 409, 503}, handle: (*request).deleteCartridge},
		{method: "POST", path: "/api/execute", id: "execute", doc: "Runs a cartridge from its beginning to its end or first FRAME.", body: executeRequest{}, answer: executeAnswer{}, refusals: []int{404, 409, 422, 429}, handle: (*request).execute},

		{method: "GET", path: "/api/scripts", id: "scripts", doc: "The scripts that the loop runs.", query: pageQuery, answer: scriptsAnswer{}, refusals: []int{400, 503}, handle: getScripts},
		{method: "POST", path: "/api/scripts", id: "addScript", doc: "Adds a script; the loop runs it in its next cycle. 200 where it was there already.", body: scriptRequest{}, answer: addedAnswer{}, status: 201, refusals: []int{409, 422, 429}, handle: addScript},
		{method: "GET", path: "/api/scripts/{id}", id: "script", doc: "One script.", answer: scriptAnswer{}, refusals: []int{404, 503}, handle: getScript},
		{method: "PATCH", path: "/api/scripts/{id}", id: "editScript", doc: "Switches a script on or off, or edits it. Of a script that is a file in scripts/ the file is edited.", body: scriptEdit{}, answer: scriptAnswer{}, refusals: []int{404, 409, 422, 429}, handle: editScript},
		{method: "DELETE", path: "/api/scripts/{id}", id: "removeScript", doc: "Removes a script. Its runs stay, with its name; a file in scripts/ is moved to scripts/.removed/.", answer: doneAnswer{}, refusals: []int{404, 503}, handle: removeScript},
		{method: "POST", path: "/api/scripts/{id}/run", id: "runScript", doc: "Asks the loop to run a script as soon as what it runs is finished, also one that is switched off, and while the loop is paused.", answer: doneAnswer{}, status: 202, refusals: []int{404, 503}, handle: runScript},
		{method: "POST", path: "/api/loop/pause", id: "pauseLoop", doc: "Keeps further cycles from beginning; the run that is under way is finished.", answer: loopAnswer{}, refusals: []int{503}, handle: pauseLoop},
		{method: "POST", path: "/api/loop/resume", id: "resumeLoop", doc: "Lets cycles begin again, the next at once.", answer: loopAnswer{}, refusals: []int{503}, handle: resumeLoop},
		{method: "POST", path: "/api/loop/run", id: "runCycle", doc: "Asks the loop to begin a cycle as soon as what it runs is finished, also while it is paused.", answer: doneAnswer{}, status: 202, refusals: []int{503}, handle: runCycle},
		{method: "POST", path: "/api/loop/input", id: "input", doc: "Tells the loop that somebody uses a window: what it does in idle time, improving scripts, stands still for two seconds.", answer: doneAnswer{}, refusals: []int{503}, handle: tellInput},
		{method: "GET", path: "/api/runs", id: "runs", doc: "The loop's runs.", query: pageQuery, answer: runsAnswer{}, refusals: []int{400, 503}, handle: getRuns},
		{method: "GET", path: "/api/runs/{id}", id: "runRow", doc: "One run of the loop, with all that it wrote.", answer: runRowAnswer{}, refusals: []int{404, 503}, handle: getRun},
		{method: "GET", path: "/api/runs/{id}/human.png", id: "runHuman", doc: "The human texture as a run left it.", media: pngMedia, refusals: []int{404, 409, 429, 503}, handle: runHuman},
		{method: "GET", path: "/api/runs/{id}/machine.png", id: "runMachine", doc: "The display page as a run left it.", media: pngMedia, refusals: []int{404, 409, 429, 503}, handle: runMachine},
		{method: "GET", path: "/api/goals", id: "goals", doc: "What the development is for.", query: pageQuery, answer: goalsAnswer{}, refusals: []int{400, 503}, handle: getGoals},
		{method: "POST", path: "/api/goals", id: "addGoal", doc: "Adds a goal, which may ask for a picture, a check and a cost.", body: goalRequest{}, answer: addedAnswer{}, status: 201, refusals: []int{422, 429}, handle: (*request).addGoal},
		{method: "POST", path: "/api/goals/{id}/done", id: "finishGoal", doc: "Marks a goal as reached.", answer: doneAnswer{}, refusals: []int{404, 503}, handle: finishGoal},
		{method: "GET", path: "/api/goals/{id}/target.png", id: "goalTarget", doc: "The picture that a goal asks for.", media: pngMedia, refusals: []int{404, 503}, handle: goalTarget},
		{method: "GET", path: "/api/offers", id: "offers", doc: "Better programs for scripts, with the evidence for them.", query: offerQuery, answer: offersAnswer{}, refusals: []int{400, 503}, handle: getOffers},
		{method: "GET", path: "/api/offers/{id}", id: "offer", doc: "One offer, with its program and the one before.", answer: offerAnswer{}, refusals: []int{404, 503}, handle: getOffer},
		{method: "POST", path: "/api/offers/{id}/approve", id: "approveOffer", doc: "Makes an offer a new version of its script. One for code that was changed since is superseded instead: 409.", answer: offerAnswer{}, refusals: []int{404, 409, 503}, handle: approveOffer},
		{method: "POST", path: "/api/offers/{id}/reject", id: "rejectOffer", doc: "Puts an offer aside for good.", body: rejectRequest{}, answer: offerAnswer{}, refusals: []int{404, 409, 422}, handle: rejectOffer},
		{method: "POST", path: "/api/offers/{id}/rollback", id: "rollbackOffer", doc: "Gives the script of an approved offer the code that it had before, as a new version.", answer: offerAnswer{}, refusals: []int{404, 409, 503}, handle: rollbackOffer},
		{method: "GET", path: "/api/improve", id: "improve", doc: "What improving came to: the morning report.", query: []param{{"since", "string", "a time; default a day ago"}}, answer: improveAnswer{}, refusals: []int{400, 503}, handle: getImprove},
		{method: "GET", path: "/api/map", id: "map", doc: "The infinite map: all that was tried, and what came of it.", query: pageQuery, answer: mapAnswer{}, refusals: []int{400, 503}, handle: getMap},
		{method: "GET", path: "/api/map/{id}", id: "mapRow", doc: "One row of the infinite map, with its code.", answer: mapRowAnswer{}, refusals: []int{404, 503}, handle: getMapRow},
		{method: "GET", path: "/api/metrics", id: "metrics", doc: "Figures over time.", query: pageQuery, answer: metricsAnswer{}, refusals: []int{400, 503}, handle: getMetrics},
	}
}

func (c *request) describe() error {
	send(c.w, http.StatusOK, "application/json", c.spec)
	return nil
}
