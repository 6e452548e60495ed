package kit

// The icons of drawing.
var (
	IconPen Icon = func(p *pen) {
		p.loop(1.3, 3, 13, 3.8, 9.8, 10.8, 2.8, 13.2, 5.2, 6.2, 12.2)
		p.line(1.3, 9.2, 4.4, 11.6, 6.8)
	}
	IconBucket Icon = func(p *pen) {
		p.loop(1.3, 7.2, 3.2, 12.4, 8.4, 7.4, 13, 2.2, 8.2)
		p.line(1.3, 2.6, 8.4, 12, 8.4)
		p.area(13.8, 10, 15, 12.2, 13.8, 13.6, 12.6, 12.2)
	}
	IconMirror Icon = func(p *pen) {
		p.line(1.2, 8, 2, 8, 14)
		p.loop(1.2, 6, 4, 6, 12, 1.8, 12)
		p.area(10, 4, 10, 12, 14.2, 12)
	}
	IconFlip Icon = func(p *pen) {
		p.line(1.2, 2, 8, 14, 8)
		p.loop(1.2, 4, 6, 12, 6, 12, 1.8)
		p.area(4, 10, 12, 10, 12, 14.2)
	}
	IconLayers Icon = func(p *pen) {
		p.loop(1.2, 8, 2.5, 14, 6, 8, 9.5, 2, 6)
		p.line(1.2, 2, 9.5, 8, 13, 14, 9.5)
	}
	IconLeft  Icon = func(p *pen) { p.line(1.4, 13, 8, 3.5, 8); p.line(1.4, 7.5, 4, 3.5, 8, 7.5, 12) }
	IconRight Icon = func(p *pen) { p.line(1.4, 3, 8, 12.5, 8); p.line(1.4, 8.5, 4, 12.5, 8, 8.5, 12) }
	IconRaise Icon = func(p *pen) { p.line(1.4, 8, 13, 8, 3.5); p.line(1.4, 4, 7.5, 8, 3.5, 12, 7.5) }
	IconLower Icon = func(p *pen) { p.line(1.4, 8, 3, 8, 12.5); p.line(1.4, 4, 8.5, 8, 12.5, 12, 8.5) }
	IconUndo  Icon = func(p *pen) {
		p.line(1.4, 3, 6.5, 9.5, 6.5, 12.5, 8.2, 12.5, 10.8, 9.5, 12.5, 6, 12.5)
		p.line(1.4, 6, 3.5, 3, 6.5, 6, 9.5)
	}
	IconRedo Icon = func(p *pen) {
		p.line(1.4, 13, 6.5, 6.5, 6.5, 3.5, 8.2, 3.5, 10.8, 6.5, 12.5, 10, 12.5)
		p.line(1.4, 10, 3.5, 13, 6.5, 10, 9.5)
	}
)
